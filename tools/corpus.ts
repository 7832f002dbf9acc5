/** `bun tools/corpus.ts [folder]`: builds the test corpus of scanned and digital documents with its ground truth. */
import { corpusFolder, readyCorpus } from "./corpus/ready.ts";

const [folder = corpusFolder] = process.argv.slice(2);
const documents = await readyCorpus(folder);
const pageCount = documents.reduce((sum, { pages }) => sum + pages.length, 0);
console.log(`${documents.length} documents with ${pageCount} pages in ${folder}`);
