import { existsSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "../../src/core/fault.ts";
import { root } from "../../tests/program.ts";

const binaries = ["customer-mcp", "finance-mcp", "berth"];

/** Builds the binaries that the suite runs: always when it is asked for, else those that are not there. */
export async function buildServers({ isForced }: { isForced: boolean }): Promise<void> {
  const wanted = binaries.filter((name) => isForced || !existsSync(join(root, "dist", name)));
  if (wanted.length === 0) return;
  console.log(`Building ${wanted.join(", ")}`);
  const command = [process.execPath, "tools/build.ts", ...wanted];
  const child = Bun.spawn(command, { cwd: root, stdout: "ignore", stderr: "pipe" });
  const [code, said] = await Promise.all([child.exited, new Response(child.stderr).text()]);
  if (code !== 0) throw new AppError("unavailable", `Cannot build ${wanted.join(", ")}\n${said}`);
}
