/**
 * `bun run image:test [--arch amd64|arm64]`: what the images do under the rules of restricted-v2, and how soon they are ready.
 * Those of another machine than this one are interpreted by QEMU: the same tests, but no time is taken.
 */
import { parseArgs } from "node:util";
import { version } from "../src/core/version.ts";
import { startContainer } from "./deploy/container.ts";
import { imageTag, ownArch, readArch } from "./image/arch.ts";

/** A pod should answer its readiness probe within this, in milliseconds. */
const readyLimitMs = 2_000;
const runs = 5;

const { values } = parseArgs({ options: { arch: { type: "string" } } });
const arch = readArch(values.arch);
if (arch === undefined) {
  console.error(`Cannot test images of "${values.arch}": expected amd64 or arm64`);
  process.exit(2);
}
// A jail is made of calls to the kernel that QEMU does not know.
const suites = arch === ownArch ? ["image", "runtime"] : ["image"];
const files = suites.map((name) => `./tests/deploy/${name}.deploy.ts`);
const tests = Bun.spawn([process.execPath, "test", ...files], {
  env: { ...process.env, IMAGE_ARCH: arch },
  stdout: "inherit",
  stderr: "inherit",
});
const isGood = (await tests.exited) === 0;
const isQuick = arch !== ownArch || (await timeReadiness(imageTag(version, arch)));
process.exitCode = isGood && isQuick ? 0 : 1;

/** Prints how long servers take to be ready; false when one is too slow. */
async function timeReadiness(tag: string): Promise<boolean> {
  let isQuick = true;
  console.log(`\n| server | ready after, median of ${runs} | fastest |\n|---|---|---|`);
  for (const name of ["ocr", "rag", "decision"]) {
    const took: number[] = [];
    for (let run = 0; run < runs; run++) {
      await using server = await startContainer({
        image: `localhost/berth:${tag}`,
        args: ["serve", name],
        flags: ["--tmpfs=/mnt/documents:ro"],
      });
      took.push(server.readyMs);
    }
    took.sort((one, other) => one - other);
    const [fastest = 0] = took;
    // What else the machine does makes single starts slow; an image that is slow itself has no fast one.
    isQuick &&= fastest < readyLimitMs;
    const median = took[Math.floor(runs / 2)] ?? 0;
    console.log(`| ${name} | ${median.toFixed(0)} ms | ${fastest.toFixed(0)} ms |`);
  }
  return isQuick;
}
