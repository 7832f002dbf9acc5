import { expect, test } from "bun:test";
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dir, "..");

test("a new server is one folder and its generated docs, keeps the contract, and builds", async () => {
  const copy = mkdtempSync(join(tmpdir(), "berth-scaffold-"));
  try {
    for (const name of run(root, ["git", "ls-files", "-co", "--exclude-standard"]).split("\n")) {
      cpSync(join(root, name), join(copy, name));
    }
    symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
    run(copy, ["git", "init", "-q"]);
    run(copy, ["git", "add", "-A"]);

    run(copy, [process.execPath, "tools/new-server.ts", "weather"]);
    const changed = run(copy, ["git", "status", "--porcelain", "-uall"]).split("\n");
    const touched = changed.filter((line) => !/^[AM ] /.test(line) || line.startsWith(" M"));
    expect(touched.map((line) => line.slice(3))).toEqual([
      "docs/servers/README.md",
      "docs/servers/weather-mcp.md",
      "mcp/weather/server.ts",
      "mcp/weather/tools.test.ts",
      "mcp/weather/tools.ts",
    ]);

    run(copy, [process.execPath, "test", "mcp/weather"]);
    run(copy, [process.execPath, "tools/layers.ts"]);
    run(copy, [process.execPath, "tools/docs.ts", "--check"]);
    run(copy, [process.execPath, "tools/build.ts", "weather-mcp"]);
    expect(run(copy, [join(copy, "dist/weather-mcp"), "--version"])).toStartWith("weather-mcp ");
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}, 120_000);

/** Runs a command to its end and returns what it printed; fails with all of it when the command does. */
function run(cwd: string, command: string[]): string {
  const { exitCode, stdout, stderr } = Bun.spawnSync(command, { cwd });
  if (exitCode === 0) return stdout.toString().trimEnd();
  throw new Error(`${command.join(" ")} ended with ${exitCode}:\n${stdout}${stderr}`);
}
