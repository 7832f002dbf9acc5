/** `bun run image:test`: what the images do under the rules of restricted-v2, and how soon they are ready. */

import { version } from "../src/core/version.ts";
import { startContainer } from "./deploy/container.ts";

/** A pod should answer its readiness probe within this, in milliseconds. */
const readyLimitMs = 2_000;
const runs = 5;

const tests = Bun.spawn([process.execPath, "test", "./tests/deploy/image.deploy.ts"], {
  stdout: "inherit",
  stderr: "inherit",
});
let isGood = (await tests.exited) === 0;
console.log(`\n| server | ready after, median of ${runs} | fastest |\n|---|---|---|`);
for (const name of ["ocr", "rag", "decision"]) {
  const took: number[] = [];
  for (let run = 0; run < runs; run++) {
    await using server = await startContainer({
      image: `localhost/berth:${version}`,
      args: ["serve", name],
      flags: ["--tmpfs=/mnt/documents:ro"],
    });
    took.push(server.readyMs);
  }
  took.sort((one, other) => one - other);
  const [fastest = 0] = took;
  // What else the machine does makes single starts slow; an image that is slow itself has no fast one.
  isGood &&= fastest < readyLimitMs;
  console.log(
    `| ${name} | ${took[Math.floor(runs / 2)]?.toFixed(0)} ms | ${fastest.toFixed(0)} ms |`,
  );
}
process.exitCode = isGood ? 0 : 1;
