/** How long two drawings of a bar are apart at least, in milliseconds. */
const drawEveryMs = 100;
const barCharacters = 24;

/** A line on a terminal that shows how far a work is; nothing is written when stderr is no terminal. */
export interface ProgressLine {
  show(done: number, total: number, what: string): void;
  /** Takes the line away, so that what follows stands alone. */
  clear(): void;
}

export function openProgressLine(terminal: NodeJS.WriteStream = process.stderr): ProgressLine {
  let drawnAt = 0;
  const isShown = () => terminal.isTTY === true;
  return {
    show(done, total, what) {
      const isLast = done >= total;
      if (!isShown() || (!isLast && Date.now() - drawnAt < drawEveryMs)) return;
      drawnAt = Date.now();
      terminal.write(`\r\u001b[K${barText(done, total)} ${what}`.slice(0, terminal.columns + 4));
    },
    clear() {
      if (isShown() && drawnAt > 0) terminal.write("\r\u001b[K");
    },
  };
}

/**
 * A bar with its numbers.
 *
 * @example
 * barText(1, 4) === "[######                  ] 1/4";
 */
export function barText(done: number, total: number): string {
  const share = total > 0 ? Math.min(1, done / total) : 1;
  const filled = Math.round(share * barCharacters);
  return `[${"#".repeat(filled)}${" ".repeat(barCharacters - filled)}] ${done}/${total}`;
}
