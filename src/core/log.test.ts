import { describe, expect, test } from "bun:test";
import { runToEnd } from "../../tests/program.ts";

/** Runs a process that logs `count` numbered lines in one turn and then ends in its own way; returns the numbers. */
async function loggedBefore(
  ending: string,
  count: number,
): Promise<{ code: number; numbers: number[] }> {
  const source = `import { createLogger } from "./src/core/log.ts";
    const log = createLogger("test");
    await Bun.sleep(1);
    for (let number = 0; number < ${count}; number++) log.info({ number }, "line");
    ${ending};`;
  const { code, stderr } = await runToEnd(["bun", "-e", source]);
  const lines = stderr.split("\n").filter((line) => line.startsWith('{"level"'));
  return { code, numbers: lines.map((line) => JSON.parse(line).number) };
}

// Whatever ends the process must not take along what was logged before; a logger that gathers lines would.
describe("the log is complete and in order", () => {
  test.each([
    ["by itself", "", 0],
    ["with process.exit", "process.exit(3)", 3],
    ["of an uncaught error", 'throw new Error("boom")', 1],
    ["of an unhandled rejection", 'void Promise.reject(new Error("boom"))', 1],
  ])("when the process ends %s", async (_how, ending, code) => {
    expect(await loggedBefore(ending, 3)).toEqual({ code, numbers: [0, 1, 2] });
  });

  test("when more is written in one turn than a pipe holds", async () => {
    const { numbers } = await loggedBefore("process.exit(0)", 5_000);
    expect(numbers).toEqual(Array.from({ length: 5_000 }, (_, index) => index));
  });
});
