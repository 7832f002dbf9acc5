/** What preflight, which cannot be built here, would check of the images that `bun run image` has built. */

import { Database } from "bun:sqlite";
import { afterAll, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { version } from "../../src/core/version.ts";
import { type InspectedImage, inspectImage } from "../../tools/deploy/inspectImage.ts";
import { podman, restricted } from "../../tools/deploy/podman.ts";
import { failedChecks, preflightChecks } from "../../tools/deploy/preflight.ts";
import { runTool } from "../../tools/deploy/runTool.ts";
import { imageTag, ownArch } from "../../tools/image/arch.ts";

/** Images are saved as archives in each. */
const limitMs = 60_000;
const tag = imageTag(version, ownArch);
const images = ["berth", "berth-services", "berth-agents", "customer-mcp"];
const brokenName = "localhost/redhat-berth-broken:latest";

const folder = mkdtempSync(join(tmpdir(), "berth-preflight-"));
afterAll(async () => {
  await podman(["rmi", brokenName], { codes: [0, 1] });
  rmSync(folder, { recursive: true, force: true });
}, limitMs);

describe.each(images)("the image %s", (name) => {
  test(
    "passes preflight's checks, but for the base: the own one is Debian's, and only UBI's is in Red Hat's catalogue",
    async () => {
      const image = await inspectImage(`localhost/${name}:${tag}`);
      // `bun run image --base registry.access.redhat.com/ubi9/ubi-micro:9.6` is what passes that one, too.
      expect(failedChecks(image)).toEqual(["BasedOnUbi"]);
      expect(failedChecks(onUbi(image))).toEqual([]);
    },
    limitMs,
  );

  test(
    "holds our licence, the notices of what others made, and the copyright texts of the base's packages",
    async () => {
      const { layers } = await inspectImage(`localhost/${name}:${tag}`);
      const paths = layers.flat().map(({ path }) => path);
      expect(paths.filter((path) => path.startsWith("licenses/")).sort()).toEqual([
        "licenses/LICENSE",
        "licenses/THIRD-PARTY-NOTICES",
        "licenses/bom.cdx.json",
      ]);
      expect(paths).toContain("usr/share/doc/libc6/copyright");
    },
    limitMs,
  );
});

/** The same program on UBI, as the base's os-release and labels would tell. */
function onUbi(image: InspectedImage): InspectedImage {
  const labels = { "com.redhat.component": "ubi9-micro-container", ...image.labels };
  return { ...image, labels, osRelease: 'NAME="Red Hat Enterprise Linux"\nID="rhel"\n' };
}

const good: InspectedImage = onUbi({
  name: "berth",
  tags: ["0.1.0"],
  user: "1001",
  labels: {
    name: "berth",
    vendor: "Berth",
    version: "0.1.0",
    release: "1",
    summary: "a",
    description: "b",
    maintainer: "Berth",
  },
  layers: [
    [{ path: "etc/passwd", bytes: 1 }],
    [
      { path: "licenses/LICENSE", bytes: 1 },
      { path: "opt/berth/berth", bytes: 1 },
    ],
  ],
  osRelease: "",
  rpms: ["glibc", "kernel-headers"],
});
const withLabel = (name: string, text: string) => ({ labels: { ...good.labels, [name]: text } });
const withLayer = (...paths: string[]) => ({
  layers: [...good.layers, paths.map((path) => ({ path, bytes: 1 }))],
});

/** For each of preflight's checks what breaks it. */
const breakers: Readonly<Record<string, readonly Partial<InspectedImage>[]>> = {
  HasLicense: [{ layers: [] }, { layers: [[{ path: "licenses/LICENSE", bytes: 0 }]] }],
  HasUniqueTag: [{ tags: ["latest"] }, { tags: [] }],
  LayerCountAcceptable: [
    { layers: Array.from({ length: 41 }, (_, layer) => good.layers[layer] ?? []) },
  ],
  HasRequiredLabel: [...Object.keys(good.labels).filter((name) => !name.includes("."))].map(
    (name) => withLabel(name, ""),
  ),
  HasNoProhibitedLabels: [withLabel("vendor", "Red Hat"), withLabel("maintainer", "we of red-hat")],
  HasProhibitedContainerName: [{ name: "redhat-berth" }, { name: "berth-red_hat" }],
  RunAsNonRoot: ["", "0", "root", "0:1001", "root:root", "00"].map((user) => ({ user })),
  HasModifiedFiles: [
    withLayer("etc/passwd"),
    withLayer("etc/.wh.passwd"),
    withLayer(".wh.etc"),
    withLayer("etc/.wh..wh..opq"),
  ],
  BasedOnUbi: [{ osRelease: "ID=debian\n" }, { osRelease: "" }, { labels: withoutBase() }],
  HasNoProhibitedPackages: [
    { rpms: ["glibc", "kernel-core"] },
    { rpms: ["kpatch-dnf"] },
    { rpms: undefined },
  ],
};

function withoutBase(): Record<string, string> {
  const { "com.redhat.component": _, ...labels } = good.labels;
  return labels;
}

test("an image that keeps to all of it passes every check, one that is made for Red Hat's platform, too", () => {
  const forTheirs = { ...good, name: "berth-for-red-hat" };
  expect([failedChecks(good), failedChecks(forTheirs)]).toEqual([[], []]);
});

test.each(Object.keys(preflightChecks))("preflight's check %s notices what breaks it", (name) => {
  const changes = breakers[name] ?? [];
  expect(changes.length).toBeGreaterThan(0);
  for (const change of changes) expect(failedChecks({ ...good, ...change })).toContain(name);
});

test(
  "an image that breaks all but the number of layers is read as what it is",
  async () => {
    await buildBroken();
    const image = await inspectImage(brokenName);
    expect(image).toMatchObject({
      name: "redhat-berth-broken",
      tags: ["latest"],
      user: "",
      layers: [
        [
          { path: "etc/passwd", bytes: 5 },
          { path: "usr/lib/os-release", bytes: 10 },
          { path: "var/lib/rpm/rpmdb.sqlite", bytes: expect.any(Number) },
        ],
        [{ path: "etc/passwd", bytes: 6 }],
      ],
      osRelease: "ID=fedora\n",
      rpms: ["bash", "kernel-core"],
    });
    expect(failedChecks(image)).toEqual(
      Object.keys(preflightChecks).filter((name) => name !== "LayerCountAcceptable"),
    );
  },
  limitMs,
);

/** Two layers, the second over a file of the first, as root, with a kernel, and named as it may not be. */
async function buildBroken(): Promise<void> {
  const files = { "one/etc/passwd": "root\n", "one/usr/lib/os-release": "ID=fedora\n" };
  for (const [path, text] of Object.entries({ ...files, "two/etc/passwd": "other\n" })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  mkdirSync(join(folder, "one/var/lib/rpm"), { recursive: true });
  using database = new Database(join(folder, "one/var/lib/rpm/rpmdb.sqlite"));
  database.run("create table Name (key text, hnum integer, idx integer)");
  database.run("insert into Name values ('kernel-core', 1, 0), ('bash', 2, 0), ('bash', 3, 0)");
  writeFileSync(
    join(folder, "Containerfile"),
    "FROM scratch\nLABEL vendor='Red Hat'\nCOPY one /\nCOPY two /\n",
  );
  const flags = ["--isolation", "chroot", "--layers", "-t", brokenName];
  await runTool(["buildah", "build", ...flags, "-f", join(folder, "Containerfile"), folder]);
}

test.each(["berth", "berth-services", "berth-agents"])(
  "the image %s without arguments prints its help, and with --licenses what it holds",
  async (name) => {
    const run = ["run", "--rm", "--network=host", ...restricted, `localhost/${name}:${tag}`];
    const help = await podman(run);
    const licenses = await podman([...run, "--licenses"]);
    expect([/^Usage: /m.test(help.out), help.err]).toEqual([true, ""]);
    expect([licenses.out.startsWith("THIRD-PARTY NOTICES of "), licenses.err]).toEqual([true, ""]);
  },
  limitMs,
);
