/** `bun run check:deploy [part…]`: everything that can be proved of the deployment on one machine; see docs/deploy.md. */
import { runSteps } from "./steps.ts";

const bun = (...args: string[]) => [process.execPath, ...args];
const test = (...names: string[]) =>
  bun("test", ...names.map((name) => `./tests/deploy/${name}.deploy.ts`));

/** In the order in which they run. */
const parts: Readonly<Record<string, readonly string[]>> = {
  charts: test("charts", "operators", "flows", "promises"),
  linters: test("linters"),
  certification: test("certification"),
  variables: test("variables"),
  cluster: test("cluster", "kinds"),
  stack: test("stack"),
  image: bun("tools/image.ts"),
  preflight: test("preflight"),
  "image:test": bun("tools/imageTest.ts"),
  arm64: bun("tools/image.ts", "--arch", "arm64"),
  "arm64:test": bun("tools/imageTest.ts", "--arch", "arm64"),
  libraries: test("libraries"),
  pods: test("pods"),
  builtin: test("builtin"),
  compose: test("compose"),
};

const asked = process.argv.slice(2);
const unknown = asked.find((name) => !(name in parts));
if (unknown !== undefined) {
  console.error(`Cannot check "${unknown}": expected some of ${Object.keys(parts).join(", ")}`);
  process.exit(2);
}
const { failed, skipped } = await runSteps(
  Object.entries(parts)
    .map(([name, command]) => ({ name, command }))
    .filter(({ name }) => asked.length === 0 || asked.includes(name)),
);
process.exitCode = failed === 0 && skipped === 0 ? 0 : 1;
