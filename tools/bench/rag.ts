import { describeCircumstances, versionsOf } from "./machine.ts";
import type { BenchOptions } from "./options.ts";
import { measureRagQuality } from "./rag-quality.ts";
import { measureRagSpeed, speedTasks } from "./rag-speed.ts";
import { printReport } from "./report.ts";

/** Without --tasks; a million takes some five minutes and 2 GB of disk. */
const usualTasks = ["10k", "100k", "quality"];

/** Measures the retrieval server: speed and memory at several sizes beside its peers, and quality on the judged set. */
export async function benchRag(options: BenchOptions): Promise<void> {
  const tasks = options.tasks.length > 0 ? options.tasks : usualTasks;
  const known = [...speedTasks, "quality"];
  const unknown = tasks.find((task) => !known.includes(task));
  if (unknown !== undefined) {
    throw new Error(`Cannot measure "${unknown}": expected one of ${known.join(", ")}`);
  }
  const speed = await measureRagSpeed(tasks);
  const quality = tasks.includes("quality") ? await measureRagQuality() : undefined;
  const parts = [speed, ...(quality ? [quality] : [])];
  const report = {
    circumstances: describeCircumstances("rag", "one process a size", versionsOf([sqliteVec])),
    goals: parts.flatMap(({ goals }) => goals),
    speed: speed.figures,
    ...(quality && { quality: quality.figures }),
  };
  const tables = parts.flatMap((part) => part.tables);
  printReport(report, tables, options.isJson);
}

const sqliteVec = `sqlite-vec-${process.platform}-${process.arch}`;
