/** The base image without a registry: the few files of Debian's packages that an executable of ours needs, as one archive. */
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { runTool } from "../deploy/runTool.ts";

import type { Arch } from "./arch.ts";
import { fetchPackages } from "./debian.ts";

/** The folder of libraries and the loader that programs name. */
const machines: Readonly<Record<Arch, { libraries: string; loader: string }>> = {
  amd64: { libraries: "x86_64-linux-gnu", loader: "ld-linux-x86-64.so.2" },
  arm64: { libraries: "aarch64-linux-gnu", loader: "ld-linux-aarch64.so.1" },
};

/** What is taken of each package, from its library folder; its copyright text always comes along. */
const packages: Readonly<Record<string, readonly string[]>> = {
  libc6: [
    "libc.so.6",
    "libm.so.6",
    "libpthread.so.0",
    "libdl.so.2",
    "librt.so.1",
    "libresolv.so.2",
  ],
  "libgcc-s1": ["libgcc_s.so.1"],
  "gcc-12-base": [],
  "base-files": [],
  "ca-certificates": [],
};

/** The archive of the base's root folder; its packages are fetched once on a machine. */
export async function buildBase(arch: Arch, archive: string): Promise<void> {
  const debs = await fetchPackages(arch, "", Object.keys(packages));
  // Everyone may read what is in the image, whatever the one who builds it thinks of others.
  process.umask(0o022);
  const stage = mkdtempSync(join(tmpdir(), "berth-base-"));
  try {
    const root = join(stage, "root");
    for (const deb of debs) await runTool(["dpkg-deb", "-x", deb, join(stage, "all")]);
    takeFiles(arch, join(stage, "all"), root);
    writeSystemFiles(root);
    const order = ["--sort=name", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner"];
    await runTool(["tar", "-C", root, ...order, "-cf", archive, "."]);
  } finally {
    rmSync(stage, { recursive: true });
  }
}

function takeFiles(arch: Arch, all: string, root: string): void {
  const { libraries, loader } = machines[arch];
  const folder = `usr/lib/${libraries}`;
  mkdirSync(join(root, folder), { recursive: true });
  for (const library of [loader, ...Object.values(packages).flat()]) {
    const from = [`lib/${libraries}/${library}`, `${folder}/${library}`]
      .map((path) => join(all, path))
      .find((path) => existsSync(path));
    if (from === undefined) throw new Error(`no package holds ${library}`);
    cpSync(from, join(root, folder, library), { dereference: true });
  }
  mkdirSync(join(root, "usr/lib64"), { recursive: true });
  const loaderFolder = arch === "amd64" ? "usr/lib64" : "usr/lib";
  symlinkSync(`/${folder}/${loader}`, join(root, loaderFolder, loader));
  for (const [name, target] of Object.entries({ lib: "usr/lib", lib64: "usr/lib64" })) {
    symlinkSync(target, join(root, name));
  }
  // The copyright text of libgcc-s1 is that of gcc-12-base.
  for (const name of Object.keys(packages).filter((each) => each !== "libgcc-s1")) {
    copy(all, root, `usr/share/doc/${name}/copyright`);
  }
  copy(all, root, "usr/lib/os-release");
}

function copy(all: string, root: string, path: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  cpSync(join(all, path), join(root, path), { dereference: true });
}

function writeSystemFiles(root: string): void {
  const certificates = join(root, "../all/usr/share/ca-certificates/mozilla");
  const bundle = readdirSync(certificates)
    .sort()
    .map((file) => readFileSync(join(certificates, file), "utf8"))
    .join("");
  const files: Readonly<Record<string, string>> = {
    "etc/passwd": "root:x:0:0:root:/:/sbin/nologin\nberth:x:1001:0:berth:/tmp:/sbin/nologin\n",
    "etc/group": "root:x:0:\n",
    "etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
    "etc/ssl/certs/ca-certificates.crt": bundle,
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  symlinkSync("../usr/lib/os-release", join(root, "etc/os-release"));
  // Where volumes are mounted: a read-only root cannot make the folders.
  for (const folder of ["tmp", "opt/berth", "mnt/documents", "var/lib/berth"]) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  // An engine gives an empty volume the rights of the folder that it covers.
  for (const folder of ["tmp", "var/lib/berth"]) chmodSync(join(root, folder), 0o1777);
}
