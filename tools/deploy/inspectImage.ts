/** What is in an image, read from its archive: nothing is run or mounted. */
import { Database } from "bun:sqlite";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { podman } from "./podman.ts";
import { runTool } from "./runTool.ts";

/** A file of a layer, or its removal. */
export interface LayerFile {
  /** From the root, without a slash at its beginning. */
  path: string;
  bytes: number;
}

/** An image as those see it who decide whether it may go into a catalogue. */
export interface InspectedImage {
  /** The last part of the repository's name. */
  name: string;
  tags: readonly string[];
  user: string;
  labels: Readonly<Record<string, string>>;
  /** The base's first. Folders are left out: a layer names those that it only passes through. */
  layers: readonly (readonly LayerFile[])[];
  /** The text of etc/os-release; empty without one. */
  osRelease: string;
  /** The names of its RPM packages; undefined when it has a database of them that cannot be read. */
  rpms: readonly string[] | undefined;
}

/** The parts of an archive's own files that are looked at. */
interface ArchiveManifest {
  Config: string;
  Layers: string[];
}
interface ImageConfig {
  config: { User?: string; Labels?: Record<string, string> };
}

/** Reads a local image by its name. */
export async function inspectImage(image: string): Promise<InspectedImage> {
  const folder = mkdtempSync(join(tmpdir(), "berth-inspect-"));
  try {
    const archive = join(folder, "image.tar");
    await podman(["save", "--quiet", "--format=docker-archive", "-o", archive, image]);
    await runTool(["tar", "-C", folder, "-xf", archive]);
    rmSync(archive);
    // Both files are the engine's own, in the form that it writes since version 1.
    const [manifest] = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")) as [
      ArchiveManifest,
    ];
    const { config } = JSON.parse(
      readFileSync(join(folder, manifest.Config), "utf8"),
    ) as ImageConfig;
    const layers = manifest.Layers.map((file) => join(folder, file));
    return {
      ...(await namesOf(image)),
      user: config.User ?? "",
      labels: config.Labels ?? {},
      layers: await Promise.all(layers.map(listFiles)),
      osRelease: await osReleaseOf(layers, folder),
      rpms: await rpmsOf(layers, folder),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function namesOf(image: string): Promise<{ name: string; tags: string[] }> {
  const [, name = ""] = /([^/:]+)(?::[^/]*)?$/.exec(image) ?? [];
  const { out } = await podman(["image", "inspect", "--format", "{{json .RepoTags}}", image]);
  const all: string[] = JSON.parse(out);
  const suffix = new RegExp(`(?:^|/)${RegExp.escape(name)}:([^/]+)$`);
  return { name, tags: all.flatMap((tag) => suffix.exec(tag)?.[1] ?? []) };
}

async function listFiles(layer: string): Promise<LayerFile[]> {
  const { out } = await runTool(["tar", "--numeric-owner", "--full-time", "-tvf", layer]);
  return out.split("\n").flatMap((line) => {
    const [, kind = "", bytes = "", path = ""] =
      /^(.)\S+ +\S+ +(\d+) +\S+ +\S+ +(?:\.\/)?(.*?)(?: -> .*| link to .*)?$/.exec(line) ?? [];
    return kind === "" || kind === "d"
      ? []
      : [{ path: path.replace(/^\//, ""), bytes: Number(bytes) }];
  });
}

/** A file as the last layer leaves it that holds it, extracted into `folder`; undefined when none does. */
async function takeFile(
  layers: readonly string[],
  { path, folder }: { path: string; folder: string },
): Promise<string | undefined> {
  const place = join(folder, "taken");
  for (const layer of layers.toReversed()) {
    const found = (await listFiles(layer)).some((file) => file.path === path);
    if (!found) continue;
    await runTool(["mkdir", "-p", place]);
    const names = [path, `./${path}`, `/${path}`];
    for (const name of names)
      await runTool(["tar", "-C", place, "-xf", layer, name], { codes: [0, 2] });
    return join(place, path);
  }
  return undefined;
}

/** etc/os-release is a link in most images. */
async function osReleaseOf(layers: readonly string[], folder: string): Promise<string> {
  for (const path of ["usr/lib/os-release", "etc/os-release"]) {
    const file = await takeFile(layers, { path, folder });
    if (file !== undefined) return readFileSync(file, "utf8");
  }
  return "";
}

const rpmFolders = ["var/lib/rpm", "usr/lib/sysimage/rpm"];

/** RPM's databases of today are SQLite with an index of the names. */
async function rpmsOf(layers: readonly string[], folder: string): Promise<string[] | undefined> {
  for (const place of rpmFolders) {
    const file = await takeFile(layers, { path: `${place}/rpmdb.sqlite`, folder });
    if (file !== undefined) return namesInDatabase(file);
    for (const old of ["Packages", "Packages.db"])
      if ((await takeFile(layers, { path: `${place}/${old}`, folder })) !== undefined) return;
  }
  return [];
}

function namesInDatabase(file: string): string[] {
  using database = new Database(file);
  const rows = database.query<{ key: string }, []>("select distinct key from Name order by key");
  return rows.all().map(({ key }) => key);
}
