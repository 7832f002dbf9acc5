/** `bun tools/deployCharts.ts [--check]`: writes the files of the charts that are drawn from others, or says which are old. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { charts, drawChart, helmFolder } from "./deploy/charts.ts";

const isCheck = process.argv.includes("--check");
const old: string[] = [];
for (const chart of charts) {
  const folder = join(helmFolder, chart);
  const files = drawChart(chart);
  const shared = join(folder, "templates", "shared");
  for (const name of existsSync(shared) ? readdirSync(shared) : []) {
    const path = `templates/shared/${name}`;
    if (files.has(path)) continue;
    old.push(`${chart}/${path}`);
    if (!isCheck) rmSync(join(folder, path));
  }
  for (const [path, text] of files) {
    const file = join(folder, path);
    if (existsSync(file) && readFileSync(file, "utf8") === text) continue;
    old.push(`${chart}/${path}`);
    if (isCheck) continue;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}
for (const path of old) console.log(`${isCheck ? "old" : "written"}  containers/helm/${path}`);
if (isCheck && old.length > 0) {
  console.error("hint: Run bun tools/deployCharts.ts and commit the difference.");
  process.exit(1);
}
