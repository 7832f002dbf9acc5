/** Debian's packages as files, for images that are made of them. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { runTool } from "../deploy/runTool.ts";
import type { Arch } from "./arch.ts";

const release = "bookworm";
const keys = "/usr/share/keyrings/debian-archive-keyring.gpg";
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
    writeFileSync(at("sources.list"), await sources());
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

/** The release that images are made of, from the mirrors that this machine installs its own packages from. */
async function sources(): Promise<string> {
  const format = "$(REPO_URI) $(RELEASE) $(COMPONENT)";
  const list = ["apt-get", "indextargets", "--format", format, "Created-By: Packages"];
  const { out } = await runTool(list);
  const targets = out.split("\n").map((line) => line.split(" "));
  const own = /^VERSION_CODENAME=(.*)$/m.exec(readFileSync("/etc/os-release", "utf8"))?.[1];
  return ["", "-security"]
    .map((kind) => {
      const [mirror] = targets.find(([, at, part]) => at === own + kind && part === "main") ?? [];
      if (mirror !== undefined) return `deb [signed-by=${keys}] ${mirror} ${release}${kind} main\n`;
      throw new Error(`apt's sources name no Debian mirror for ${own}${kind}`);
    })
    .join("");
}
