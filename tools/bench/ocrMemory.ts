import { longScan } from "../corpus/catalogue.ts";
import type { OcrServer } from "./ocrServer.ts";
import { freshCopy, timeCall } from "./ocrSpeed.ts";
import { tableOf } from "./report.ts";

const pagesADocument = 20;
/** How often memory is read while a document is, in milliseconds. */
const sampleMs = 100;

/** Memory after so many pages, and the most while they were read. */
export interface MemoryStep {
  pages: number;
  memoryMiB: number;
  peakMiB: number;
}

/** Reads the long scan again and again, each time as other bytes. */
export async function measureMemory(server: OcrServer, pageCount: number): Promise<MemoryStep[]> {
  const steps: MemoryStep[] = [];
  for (let pages = pagesADocument; pages <= pageCount; pages += pagesADocument) {
    let peakMiB = server.memoryMiB();
    const sampling = setInterval(() => {
      peakMiB = Math.max(peakMiB, server.memoryMiB());
    }, sampleMs);
    await timeCall(server, freshCopy(`${longScan}.pdf`), pagesADocument);
    clearInterval(sampling);
    steps.push({ pages, memoryMiB: server.memoryMiB(), peakMiB });
    console.error(`${pages} pages: ${steps.at(-1)?.memoryMiB.toFixed(0)} MiB`);
  }
  return steps;
}

/** The steps as a table. */
export function memoryTable(steps: readonly MemoryStep[]): string {
  const cells = steps.map(({ pages, memoryMiB, peakMiB }) => {
    return [`${pages}`, memoryMiB.toFixed(0), peakMiB.toFixed(0)];
  });
  return tableOf(["pages read", "MiB", "MiB at most"], cells);
}

/** How much more the last quarter needed at most than the second one, as a share; the first warms up. */
export function growthOf(steps: readonly MemoryStep[]): number {
  const quarter = Math.max(1, Math.floor(steps.length / 4));
  const most = (part: readonly MemoryStep[]) => Math.max(...part.map(({ peakMiB }) => peakMiB));
  return most(steps.slice(-quarter)) / most(steps.slice(quarter, 2 * quarter)) - 1;
}
