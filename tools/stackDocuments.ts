import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sampleClaims } from "./samples/claims.ts";
import { makeSample } from "./samples/makeSample.ts";

/** Writes the documents of the sample claims into the document root; those that are there are left as they are. */
export async function writeSamples(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const claim of sampleClaims) {
    const path = join(folder, `${claim.number}.pdf`);
    if (existsSync(path)) continue;
    const { bytes } = await makeSample(claim);
    writeFileSync(`${path}.new`, bytes);
    // A start that was cut off leaves no half of a document behind.
    renameSync(`${path}.new`, path);
  }
}
