/** `bun run check:deploy [part…]`: everything that can be proved of the deployment on one machine; see docs/deploy.md. */
const bun = (...args: string[]) => [process.execPath, ...args];
const test = (name: string) => bun("test", `./tests/deploy/${name}.deploy.ts`);

/** In the order in which they run. */
const parts: Readonly<Record<string, readonly string[]>> = {
  charts: test("charts"),
  variables: test("variables"),
  cluster: test("cluster"),
  stack: test("stack"),
  image: bun("tools/image.ts"),
  "image:test": bun("tools/imageTest.ts"),
  pods: test("pods"),
};

const asked = process.argv.slice(2);
const unknown = asked.find((name) => !(name in parts));
if (unknown !== undefined) {
  console.error(`Cannot check "${unknown}": expected some of ${Object.keys(parts).join(", ")}`);
  process.exit(2);
}
const notes: string[] = [];
let isGood = true;
for (const [name, command] of Object.entries(parts)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  console.log(`\n── ${name}`);
  const began = performance.now();
  const child = Bun.spawn([...command], { stdout: "inherit", stderr: "inherit" });
  const isPassed = (await child.exited) === 0;
  const seconds = ((performance.now() - began) / 1000).toFixed(1).padStart(6);
  notes.push(`${isPassed ? "ok     " : "FAILED "} ${seconds} s  ${name}`);
  isGood &&= isPassed;
}
console.log(`\n${notes.join("\n")}`);
process.exitCode = isGood ? 0 : 1;
