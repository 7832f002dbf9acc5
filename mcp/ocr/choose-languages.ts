import { parseLanguages } from "./engine/languages.ts";
import { refuse } from "./refuse.ts";

/** The languages that are told apart by themselves. */
const guessed = ["eng", "fra"];

/**
 * The languages that a caller names, among those that may be asked for; empty to find out page by page.
 * @throws AppError `invalid_input` when one of them may not be asked for.
 */
export function chooseLanguages(
  { document, language }: { document: string; language: string },
  allowed: readonly string[],
): string[] {
  const wanted = parseLanguages(language);
  if (wanted.length === 0 || wanted.includes("auto")) return guessable(allowed);
  const unknown = wanted.find((code) => !allowed.includes(code));
  if (unknown !== undefined)
    refuse(
      "invalid_input",
      document,
      `there is no data of the language ${JSON.stringify(unknown)}`,
      `Languages: ${allowed.join(", ")}, or auto.`,
    );
  return wanted;
}

/** There is nothing to find out where only one language may be asked for. */
function guessable(allowed: readonly string[]): string[] {
  const known = guessed.filter((code) => allowed.includes(code));
  if (known.length === guessed.length) return [];
  return known.length > 0 ? known : allowed.slice(0, 1);
}
