/** What the images ask of their base: the files that `bun run image` has staged, against what UBI's micro base brings. */
import { describe, expect, test } from "bun:test";
import { join, relative } from "node:path";
import { Glob } from "bun";
import { machineOf } from "../../src/edge/machine.ts";
import { runTool } from "../../tools/deploy/runTool.ts";
import { type Arch, imageFolder } from "../../tools/image/arch.ts";

/** In ubi8/ubi-micro and ubi9/ubi-micro alike: glibc's packages, and no C++ library. */
const loaders: Readonly<Record<Arch, string>> = {
  amd64: "ld-linux-x86-64.so.2",
  arm64: "ld-linux-aarch64.so.1",
};
const libraries = ["libc.so.6", "libdl.so.2", "libm.so.6", "libpthread.so.0"];
/** UBI 8 has 2.28, UBI 9 has 2.34. */
const oldestGlibc = "2.28";

describe.each(["amd64", "arm64"] as const)("what the %s images run", (arch) => {
  test("asks for no library that a UBI micro base lacks, and for no newer glibc", async () => {
    const folder = imageFolder(arch);
    const native = [...new Glob("**").scanSync(folder)]
      .map((path) => join(folder, path))
      .filter((path) => machineOf(path) !== undefined)
      .sort();
    const found = await Promise.all(native.map((path) => needsOf(path)));
    const allowed = [loaders[arch], ...libraries];
    expect({
      programs: native.map((path) => relative(folder, path).replace(/-\w+\.so$/, ".so")),
      machines: [...new Set(native.map((path) => machineOf(path)))],
      missing: found.flatMap((needs) => needs.libraries).filter((name) => !allowed.includes(name)),
      tooNew: found.flatMap((needs) => needs.glibc).filter((version) => isNewer(version)),
    }).toEqual({
      programs: [
        "agents",
        "berth",
        "bundles/rag-mcp/server/vec0.so",
        "servers/customer-mcp",
        "services",
      ],
      machines: [arch === "amd64" ? "linux-x64" : "linux-arm64"],
      missing: [],
      tooNew: [],
    });
    // A program that needs nothing at all would have passed unread.
    expect(found.map((needs) => needs.libraries.includes("libc.so.6"))).toEqual(
      native.map(() => true),
    );
  });
});

/** The libraries that a program names, and the versions of glibc whose symbols it uses. */
async function needsOf(path: string): Promise<{ libraries: string[]; glibc: string[] }> {
  const { out } = await runTool(["readelf", "--wide", "--dynamic", "--version-info", path]);
  return {
    libraries: [...out.matchAll(/\(NEEDED\).*\[(.+)\]/g)].map(([, name]) => name ?? ""),
    glibc: [...new Set([...out.matchAll(/GLIBC_([\d.]+)/g)].map(([, version]) => version ?? ""))],
  };
}

function isNewer(version: string): boolean {
  return version.localeCompare(oldestGlibc, "en", { numeric: true }) > 0;
}
