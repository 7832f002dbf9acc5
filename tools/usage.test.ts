import { expect, test } from "bun:test";
import { join } from "node:path";
import { scripts } from "../package.json";
import { root, runToEnd } from "../tests/program.ts";
import { sayInstead } from "./usage.ts";

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

test("every command that the documentation shows is taken", async () => {
  const files = ["README.md", ...new Bun.Glob("docs/*.md").scanSync(root)];
  const texts = await Promise.all(files.map((file) => Bun.file(join(root, file)).text()));
  const shown = texts.flatMap((text) =>
    [...text.matchAll(/^bun run ([\w:]+)([^#\n]*)/gm)].map(([, name = "", rest = ""]) => {
      const args = rest.trim().split(/\s+/).filter(Boolean);
      const script = Object.entries(scripts).find(([known]) => known === name)?.[1];
      return { command: `${name} ${args.join(" ")}`, args, tool: script?.split(" ").at(-1) };
    }),
  );
  const refused = shown.filter(
    ({ tool, args }) => tool === undefined || sayInstead(tool, args) !== undefined,
  );
  expect(refused).toEqual([]);
  expect(shown.map(({ command }) => command)).toContain("image --server ocr-mcp");
});
