/** Images by buildah: without a daemon, without a registry, the same bytes each time. */
import { join } from "node:path";
import { runTool } from "../deploy/runTool.ts";
import { type Arch, imageTag } from "./arch.ts";

const containerfile = join(import.meta.dir, "..", "..", "containers", "Containerfile");
/** How long one image may take, in milliseconds. */
const buildLimitMs = 300_000;

/** One image that was built. */
export interface Built {
  name: string;
  /** The digest of its manifest. */
  digest: string;
  /** Of its files, in bytes. */
  unpackedBytes: number;
}

/** The name of the base image that stands in where no registry is. */
export function baseName(arch: Arch): string {
  return `localhost/berth-base:${arch}`;
}

/** Makes an image of a root folder's archive; times and order are fixed, so that equal archives give equal images. */
export async function importBase(arch: Arch, archive: string): Promise<void> {
  const { out } = await runTool(["buildah", "from", "--arch", arch, "scratch"]);
  const container = out.trim();
  try {
    await runTool(["buildah", "add", "--quiet", container, archive, "/"]);
    await runTool(["buildah", "commit", "--quiet", "--timestamp", "0", container, baseName(arch)]);
  } finally {
    await runTool(["buildah", "rm", container]);
  }
}

export interface BuildImage {
  target: "berth" | "services" | "agents" | "server";
  /** The image's name without its registry. */
  name: string;
  version: string;
  arch: Arch;
  /** The folder that `stageImages` filled. */
  folder: string;
  base: string;
  args?: Readonly<Record<string, string>>;
}

export async function buildImage(image: BuildImage): Promise<Built> {
  const name = `localhost/${image.name}:${imageTag(image.version, image.arch)}`;
  const given = { BASE_IMAGE: image.base, VERSION: image.version, ...image.args };
  const args = Object.entries(given).flatMap(([key, value]) => ["--build-arg", `${key}=${value}`]);
  const same = ["--timestamp", "0", "--arch", image.arch, "--isolation", "chroot"];
  const from = image.base.startsWith("localhost/") ? ["--pull-never"] : [];
  const before = await idOf(name);
  await runTool(
    [
      "buildah",
      "build",
      ...same,
      ...from,
      ...args,
      "--target",
      image.target,
      "-f",
      containerfile,
      "-t",
      name,
      image.folder,
    ],
    { limitMs: buildLimitMs },
  );
  const { out } = await runTool(["buildah", "inspect", "--type", "image", name]);
  // Without a name, what was there before would only take up space; it stays while a container has it.
  if (before !== "" && before !== (await idOf(name))) {
    await runTool(["podman", "rmi", before], { codes: [0, 1, 2] });
  }
  const { FromImageDigest } = JSON.parse(out) as { FromImageDigest: string };
  return { name, digest: FromImageDigest, unpackedBytes: await unpackedBytes(name) };
}

/** The id of an image; empty when there is none of that name. */
async function idOf(name: string): Promise<string> {
  const inspect = ["podman", "image", "inspect", "--format", "{{.Id}}", name];
  const { code, out } = await runTool(inspect, { codes: [0, 125] });
  return code === 0 ? out.trim() : "";
}

async function unpackedBytes(name: string): Promise<number> {
  const { out } = await runTool(["podman", "image", "inspect", name]);
  const [image] = JSON.parse(out) as [{ Size: number }];
  return image.Size;
}

/** What a registry would hold of an image: its archive's layers compressed by gzip, in bytes. */
export async function compressedBytes(name: string, folder: string): Promise<number> {
  const path = join(folder, name.replace(/\W/g, "-"));
  await runTool(["buildah", "push", "--quiet", name, `oci:${path}`], { limitMs: buildLimitMs });
  const { out } = await runTool(["du", "-sb", path]);
  await runTool(["rm", "-r", path]);
  return Number(out.split("\t")[0]);
}
