import { LineFramer } from "../wire/frame.ts";

/** What is kept of a child's stderr for crash reports, in bytes. */
export const stderrLimitBytes: number = 64 * 1024;
/** The longest line of stderr that is kept, in bytes. */
const stderrLineLimitBytes = 8 * 1024;

const decoder = new TextDecoder();

/** The last lines of a child's stderr. */
export class StderrRing {
  readonly #lines: string[] = [];
  readonly #framer: LineFramer;
  #bytes = 0;

  constructor(onLine: (line: string) => void, limitBytes: number = stderrLimitBytes) {
    this.#framer = new LineFramer(
      {
        onLine: (bytes) => {
          const line = decoder.decode(bytes);
          this.#keep(line, limitBytes);
          onLine(line);
        },
        onTooLong: (limit) => this.#keep(`(a line over ${limit} bytes was left out)`, limitBytes),
      },
      stderrLineLimitBytes,
    );
  }

  push(chunk: Uint8Array): void {
    this.#framer.push(chunk);
  }

  end(): void {
    this.#framer.end();
  }

  /** The last `count` lines, oldest first. */
  tail(count: number): readonly string[] {
    return this.#lines.slice(-count);
  }

  #keep(line: string, limitBytes: number): void {
    this.#lines.push(line);
    this.#bytes += line.length;
    while (this.#bytes > limitBytes) this.#bytes -= this.#lines.shift()?.length ?? this.#bytes;
  }
}
