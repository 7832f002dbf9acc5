import { expect, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, symlinkSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { openFolder, writeFiles } from "../berth.ts";
import { fixture } from "./gateway.ts";
import { startServe } from "./served.ts";

const mcpServers = { one: { command: process.execPath, args: [fixture] } };

const isHealthy = async (url: string) => (await fetch(`${url}/healthz`)).ok;

test.skipIf(process.platform !== "linux")(
  "a start removes what a killed Berth left, and nothing that is held, young, a link or of another name",
  async () => {
    using folder = openFolder();
    const tmp = join(folder.path, "tmp");
    mkdirSync(tmp);
    const start = () => startServe(folder.path, { mcpServers }, { TMPDIR: tmp });
    const own = () => readdirSync(tmp).filter((name) => name.startsWith("berth-run-"));
    await using running = await start();
    const [held = ""] = own();
    const killed = await start();
    const left = own().find((name) => name !== held) ?? "";
    process.kill(killed.pid, "SIGKILL");
    await killed.exited;
    writeFiles(folder.path, { "elsewhere/kept.txt": "x", [`tmp/${left}/a/b.txt`]: "x" });
    symlinkSync(join(folder.path, "elsewhere"), join(tmp, left, "link-in-it"));
    symlinkSync(join(folder.path, "elsewhere"), join(tmp, "berth-run-link"));
    for (const name of ["berth-run-young", "berth-other", left]) {
      mkdirSync(join(tmp, name), { recursive: true });
    }
    const longAgo = new Date(Date.now() - 3_600_000);
    for (const name of [held, left, "berth-other"]) utimesSync(join(tmp, name), longAgo, longAgo);
    utimesSync(join(folder.path, "elsewhere"), longAgo, longAgo);
    await using next = await start();
    const names = readdirSync(tmp);
    expect({
      left: names.includes(left),
      others: [held, "berth-run-young", "berth-run-link", "berth-other"].filter(
        (name) => !names.includes(name),
      ),
      kept: existsSync(join(folder.path, "elsewhere/kept.txt")),
      alive: [await isHealthy(running.url), await isHealthy(next.url)],
    }).toEqual({ left: false, others: [], kept: true, alive: [true, true] });
  },
);
