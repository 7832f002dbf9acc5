import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Glob } from "bun";
import { planCorpus } from "./catalogue.ts";
import { type CorpusDocument, makeDocument } from "./make.ts";

const root = join(import.meta.dir, "..", "..");

/** Where the corpus is built unless it is told otherwise; ignored by git. */
export const corpusFolder: string = join(root, ".data", "corpus");

interface Manifest {
  /** Of the code that made it. */
  sources: string;
  documents: readonly CorpusDocument[];
}

/** Returns the ground truth of all documents; builds the files when the code that makes them has changed. */
export async function readyCorpus(
  folder: string = corpusFolder,
): Promise<readonly CorpusDocument[]> {
  const manifestFile = join(folder, "manifest.json");
  const sources = hashSources();
  if (existsSync(manifestFile)) {
    const manifest: Manifest = JSON.parse(readFileSync(manifestFile, "utf8"));
    if (manifest.sources === sources) return manifest.documents;
  }
  // First: without a manifest, what is there is unfinished.
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const documents: CorpusDocument[] = [];
  for (const plan of planCorpus()) {
    const { truth, bytes } = await makeDocument(plan);
    writeFileSync(join(folder, truth.file), bytes);
    documents.push(truth);
  }
  const manifest: Manifest = { sources, documents };
  writeFileSync(manifestFile, `${JSON.stringify(manifest, null, 2)}\n`);
  return documents;
}

function hashSources(): string {
  const hash = new Bun.CryptoHasher("sha256");
  const files = [...new Glob("tools/{corpus,documents}/*.ts").scanSync(root)].sort();
  for (const file of files) {
    if (!file.endsWith(".test.ts")) hash.update(readFileSync(join(root, file)));
  }
  return hash.digest("hex");
}
