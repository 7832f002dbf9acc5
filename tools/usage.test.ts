import { expect, test } from "bun:test";
import { runToEnd } from "../tests/program.ts";

const run = (...args: string[]) => runToEnd([process.execPath, "tools/start.ts", ...args]);

test("a tool tells its use and starts nothing", async () => {
  expect(await run("check", "--help")).toEqual({
    code: 0,
    stdout: [
      "Runs the gate and all tests.\n\nUsage: bun run check [options]\n\nOptions:",
      "  --quick  only the gate and the unit tests, which take a minute\n",
    ].join("\n"),
    stderr: "",
  });
});

test.each([
  [["up", "--port"], 'Cannot run "bun run up" with "--port": it takes no such argument', "up"],
  [
    ["demo", "claims"],
    'Cannot run "bun run demo" with "claims": it takes no such argument',
    "demo",
  ],
  [
    ["interop", "--only"],
    'Cannot run "bun run interop" with "--only": expected --only <version>',
    "interop",
  ],
])("%p is refused before anything starts", async (args, problem, name) => {
  const stderr = `${problem}\nhint: bun run ${name} --help\n`;
  expect(await run(...args)).toEqual({ code: 2, stdout: "", stderr });
});
