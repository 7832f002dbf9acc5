/** `bun run check:deploy [part…]`: everything that can be proved of the deployment on one machine; see docs/deploy.md. */
import { countTests, type TestCount } from "./testCount.ts";

const bun = (...args: string[]) => [process.execPath, ...args];
const test = (name: string) => bun("test", `./tests/deploy/${name}.deploy.ts`);

/** In the order in which they run. */
const parts: Readonly<Record<string, readonly string[]>> = {
  charts: test("charts"),
  linters: test("linters"),
  certification: test("certification"),
  variables: test("variables"),
  cluster: test("cluster"),
  stack: test("stack"),
  image: bun("tools/image.ts"),
  "image:test": bun("tools/imageTest.ts"),
  pods: test("pods"),
  compose: test("compose"),
};

const asked = process.argv.slice(2);
const unknown = asked.find((name) => !(name in parts));
if (unknown !== undefined) {
  console.error(`Cannot check "${unknown}": expected some of ${Object.keys(parts).join(", ")}`);
  process.exit(2);
}
const total: TestCount = { passed: 0, failed: 0, skipped: 0 };
const notes: string[] = [];
for (const [name, command] of Object.entries(parts)) {
  if (asked.length === 0 || asked.includes(name)) await runPart(name, command);
}
const { passed, failed, skipped } = total;
console.log(`\n${notes.join("\n")}\n\n${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed === 0 && skipped === 0 ? 0 : 1;

/** A part that reports no tests counts as one. */
async function runPart(name: string, command: readonly string[]): Promise<void> {
  console.log(`\n── ${name}`);
  const began = performance.now();
  const child = Bun.spawn([...command], { stdout: "pipe", stderr: "pipe" });
  const said = await Promise.all([passOn(child.stdout), passOn(child.stderr)]);
  const isFailed = (await child.exited) !== 0;
  const count = countTests(said.join("\n"));
  total.passed += count?.passed ?? (isFailed ? 0 : 1);
  total.failed += Math.max(count?.failed ?? 0, isFailed ? 1 : 0);
  total.skipped += count?.skipped ?? 0;
  const seconds = ((performance.now() - began) / 1000).toFixed(1).padStart(6);
  notes.push(`${isFailed ? "FAILED " : "ok     "} ${seconds} s  ${name}`);
}

async function passOn(stream: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of stream) {
    const part = decoder.decode(chunk, { stream: true });
    process.stdout.write(part);
    text += part;
  }
  return text;
}
