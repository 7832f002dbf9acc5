/** Debian's packages as files, for images that are made of them. */
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { runTool } from "../deploy/runTool.ts";
import type { Arch } from "./arch.ts";

const release = "bookworm";
/** How long fetching the packages may take, in milliseconds. */
const fetchLimitMs = 300_000;

/**
 * The archives of Debian's packages, fetched once on a machine for each purpose. Apt runs with folders of its own: the
 * machine's lists and architectures stay as they are.
 */
export async function fetchPackages(
  arch: Arch,
  purpose: string,
  names: readonly string[],
): Promise<string[]> {
  const folder = ["debian", release, purpose, arch].filter((word) => word !== "").join("-");
  const cache = join(homedir(), ".cache", "berth", folder);
  const found = () =>
    existsSync(cache)
      ? readdirSync(cache)
          .filter((file) => file.endsWith(".deb"))
          .sort()
      : [];
  if (found().length < names.length) {
    for (const folder of ["lists/partial", "archives/partial"]) {
      mkdirSync(join(cache, "apt", folder), { recursive: true });
    }
    const at = (path: string) => join(cache, "apt", path);
    writeFileSync(at("status"), "");
    writeFileSync(at("sources.list"), sources);
    const options = {
      "APT::Architecture": arch,
      "APT::Architectures": arch,
      "Dir::State::Lists": at("lists"),
      "Dir::State::status": at("status"),
      "Dir::Etc::SourceList": at("sources.list"),
      "Dir::Etc::SourceParts": "/dev/null",
      "Dir::Cache": at(""),
      "Dir::Cache::Archives": at("archives"),
      // The cache may lie in a folder that apt's own user may not enter.
      "APT::Sandbox::User": "root",
    };
    const flags = Object.entries(options).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
    const run = { cwd: cache, limitMs: fetchLimitMs };
    await runTool(["apt-get", ...flags, "-q", "update"], run);
    await runTool(["apt-get", ...flags, "-q", "download", ...names], run);
    rmSync(at(""), { recursive: true });
  }
  return found().map((file) => join(cache, file));
}

const sources = [release, `${release}-security`]
  .map((suite) => {
    const path = suite === release ? "debian" : "debian-security";
    return `deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/${path} ${suite} main\n`;
  })
  .join("");
