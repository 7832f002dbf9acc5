import { join } from "node:path";
import { countTests, type TestCount } from "./testCount.ts";

const root = join(import.meta.dir, "..");

/** A part of a check, run as a program of its own in the repository's root. */
export interface Step {
  name: string;
  command: readonly string[];
  /** Beside the environment of the check; undefined takes a variable away. */
  env?: Readonly<Record<string, string | undefined>>;
}

/**
 * Runs steps one after another, also after one that failed, and prints what each took and the sum of their tests. A step
 * counts as the tests that it reports, or as one; each of `skipped`, a line about a step that is left out, as one skipped.
 */
export async function runSteps(
  steps: readonly Step[],
  skipped: readonly string[] = [],
): Promise<TestCount> {
  const total: TestCount = { passed: 0, failed: 0, skipped: skipped.length };
  const notes = [...skipped];
  for (const step of steps) {
    const { count, note } = await runStep(step);
    total.passed += count.passed;
    total.failed += count.failed;
    total.skipped += count.skipped;
    notes.push(note);
  }
  console.log(
    `\n${notes.join("\n")}\n\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`,
  );
  return total;
}

async function runStep({ name, command, env }: Step): Promise<{ count: TestCount; note: string }> {
  console.log(`\n── ${name}`);
  const began = performance.now();
  const child = Bun.spawn([...command], {
    cwd: root,
    env: { ...process.env, ...env },
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err, code] = await Promise.all([
    passOn(child.stdout),
    passOn(child.stderr),
    child.exited,
  ]);
  const isFailed = code !== 0;
  const told = countTests(`${out}\n${err}`);
  const count = {
    passed: told?.passed ?? (isFailed ? 0 : 1),
    failed: Math.max(told?.failed ?? 0, isFailed ? 1 : 0),
    skipped: told?.skipped ?? 0,
  };
  const seconds = ((performance.now() - began) / 1000).toFixed(1).padStart(6);
  return { count, note: `${isFailed ? "FAILED " : "ok     "} ${seconds} s  ${name}` };
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
