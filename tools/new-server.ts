/** `bun tools/new-server.ts <name>`: scaffolds an MCP server as one folder under mcp/, with its test and its docs. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { serverSource, testSource, toolsSource } from "./scaffold/sources.ts";

const root = join(import.meta.dir, "..");
const [name = ""] = process.argv.slice(2);
if (!/^[a-z][a-z0-9]{1,29}$/.test(name)) {
  fail(
    `Cannot scaffold ${JSON.stringify(name)}: expected one lower-case word of 2 to 30 letters and digits`,
    "For example: bun tools/new-server.ts weather",
  );
}
const folder = join(root, "mcp", name);
if (existsSync(folder))
  fail(`Cannot scaffold "${name}": mcp/${name} exists`, "Choose another name.");

mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, "server.ts"), serverSource(name));
writeFileSync(join(folder, "tools.ts"), toolsSource(name));
writeFileSync(join(folder, "tools.test.ts"), testSource(name));
const docs = Bun.spawnSync([process.execPath, join(root, "tools/docs.ts")], {
  stdio: ["ignore", "inherit", "inherit"],
});
if (docs.exitCode !== 0) process.exit(docs.exitCode);
console.log(`wrote mcp/${name}/: server.ts, tools.ts, tools.test.ts

Next:
  bun mcp/${name}/server.ts --help
  bun test mcp/${name}
  bun run build ${name}-mcp`);

function fail(message: string, hint: string): never {
  console.error(`${message}\nhint: ${hint}`);
  process.exit(2);
}
