/** `bun tools/samples.ts [folder]`: writes the documents of the 30 sample claims. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sampleClaims } from "./samples/claims.ts";
import { makeSample } from "./samples/makeSample.ts";

const [folder = join(import.meta.dir, "..", ".data", "claim_documents")] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
let bytes = 0;
for (const claim of sampleClaims) {
  const sample = await makeSample(claim);
  writeFileSync(join(folder, sample.file), sample.bytes);
  bytes += sample.bytes.length;
}
console.log(`${sampleClaims.length} documents, ${Math.round(bytes / 1024)} KiB, in ${folder}`);
