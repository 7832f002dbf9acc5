import type { Circumstances } from "./machine.ts";
import type { Row } from "./measure.ts";

/** One promise and what came of it. */
export interface Goal {
  goal: string;
  measured: string;
  isMet: boolean;
}

/** What every bench ends with. */
export interface Report {
  circumstances: Circumstances;
  goals: readonly Goal[];
}

/** Prints the report: `--json` whole, otherwise as tables for people. */
export function printReport(report: Report, tables: readonly string[], isJson: boolean): void {
  if (isJson) {
    console.log(JSON.stringify(report, null, 2));
    return;
  }
  const { machine, versions, command, date, cores } = report.circumstances;
  console.log(`${command}   ${date}`);
  console.log(
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.kernel}; ${cores}`,
  );
  const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  console.log(`${named.join(", ")}\n`);
  for (const table of tables) console.log(`${table}\n`);
  const goals = report.goals.map(({ goal, measured, isMet }) => [
    goal,
    measured,
    isMet ? "met" : "MISSED",
  ]);
  if (goals.length > 0) console.log(tableOf(["goal", "measured", ""], goals));
}

/** Load figures as a table; `ours` is what the last column compares with. */
export function loadTable(rows: readonly Row[], ours: string): string {
  const cells = rows.map((row) => {
    const own = rows.find(
      (other) =>
        other.name === ours && other.task === row.task && other.connections === row.connections,
    );
    const ratio = (own?.requestsPerSecond ?? Number.NaN) / row.requestsPerSecond;
    return [
      row.task,
      `${row.connections}`,
      row.name,
      Math.round(row.requestsPerSecond).toLocaleString("en"),
      row.p50Ms.toFixed(2),
      row.p99Ms.toFixed(2),
      row.cpuUs.toFixed(0),
      `${row.errors}`,
      row.memoryMiB.toFixed(0),
      Number.isNaN(ratio) ? "" : `${ratio.toFixed(2)}x`,
    ];
  });
  const heads = ["task", "conns", "contender", "requests/s", "p50 ms", "p99 ms", "cpu us"];
  return tableOf([...heads, "errors", "MiB", `${ours} /`], cells);
}

/** A table for a terminal that is valid Markdown too. */
export function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((cell, column) =>
    Math.max(cell.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const rule = `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`;
  return [line(head), rule, ...rows.map(line)].join("\n");
}

/** The figure of one contender at one load; fails when it was not measured. */
export function findRow(rows: readonly Row[], wanted: Partial<Row>): Row | undefined {
  return rows.find((row) =>
    Object.entries(wanted).every(([key, value]) => row[key as keyof Row] === value),
  );
}
