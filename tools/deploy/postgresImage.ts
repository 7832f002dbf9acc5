/** A PostgreSQL image of Debian's packages: no registry is here to fetch the ones from that charts and compose file name. */
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ownArch } from "../image/arch.ts";
import { fetchPackages } from "../image/debian.ts";
import { engineEnv, podman } from "./podman.ts";
import { runTool } from "./runTool.ts";

/** The image whose variables and folders it keeps to: rhel9/postgresql-16, or docker.io/library/postgres. */
type PostgresContract = "sclorg" | "official";

/** By which signal a container of it is told to end. */
const endings = { sclorg: "SIGTERM", official: "SIGINT" } as const;

/** Where the files of the image are that are no package's. */
const own = join(import.meta.dir, "..", "..", "tests", "deploy", "postgres");
/** How long an image may take, in milliseconds. */
const buildLimitMs = 120_000;
/** The folders of data of both contracts, as their images make them. */
const written = [
  "var/lib/pgsql/data",
  "var/lib/postgresql",
  "var/run/postgresql",
  "dev/shm",
  "tmp",
];

/** PostgreSQL, the libraries that its programs name, a shell and the time zones. */
const packages: readonly string[] = [
  "busybox-static",
  "libaudit1",
  "libc6",
  "libcap-ng0",
  "libcap2",
  "libcom-err2",
  "libgcc-s1",
  "libgcrypt20",
  "libgpg-error0",
  "libffi8",
  "libgmp10",
  "libgnutls30",
  "libgssapi-krb5-2",
  "libhogweed6",
  "libicu72",
  "libidn2-0",
  "libk5crypto3",
  "libkeyutils1",
  "libkrb5-3",
  "libkrb5support0",
  "libldap-2.5-0",
  "liblz4-1",
  "liblzma5",
  "libnettle8",
  "libp11-kit0",
  "libpam0g",
  "libpq5",
  "libsasl2-2",
  "libssl3",
  "libstdc++6",
  "libsystemd0",
  "libtasn1-6",
  "libunistring2",
  "libxml2",
  "libzstd1",
  "postgresql-15",
  "postgresql-client-15",
  "tzdata",
  "zlib1g",
];

/** The names on this machine of the stand-ins for both images; builds those that are not there yet. */
export async function postgresImages(): Promise<Record<PostgresContract, string>> {
  const debs = await fetchPackages(ownArch, "postgresql", packages);
  const sources = [join(own, "Containerfile"), join(own, "entrypoint.sh"), import.meta.path];
  const files = sources.map((file) => readFileSync(file));
  const hash = Bun.hash([...debs, ...files].join("\n")).toString(36);
  const named = (contract: PostgresContract) => `localhost/berth-test-postgres:${contract}-${hash}`;
  const images = { sclorg: named("sclorg"), official: named("official") };
  const { code } = await podman(["image", "exists", images.official], { codes: [0, 1] });
  if (code !== 0) await buildImages(debs, images);
  return images;
}

async function buildImages(
  debs: readonly string[],
  images: Record<PostgresContract, string>,
): Promise<void> {
  const stage = mkdtempSync(join(tmpdir(), "berth-postgres-"));
  try {
    const root = join(stage, "root");
    for (const deb of debs) await runTool(["dpkg-deb", "-x", deb, root]);
    layOut(root);
    const build = ["buildah", "build", "--isolation=chroot", "--timestamp=0"];
    for (const contract of ["sclorg", "official"] as const) {
      const of = [`--build-arg=CONTRACT=${contract}`, `--build-arg=ENDING=${endings[contract]}`];
      const given = [...of, "-f", join(own, "Containerfile")];
      await runTool([...build, ...given, "-t", images[contract], stage], {
        env: engineEnv,
        limitMs: buildLimitMs,
      });
    }
  } finally {
    rmSync(stage, { recursive: true });
  }
}

/** Adds what is no package's, and leaves out what no server reads. */
function layOut(root: string): void {
  for (const folder of ["usr/share/doc", "usr/share/man", "usr/share/locale"]) {
    rmSync(join(root, folder), { recursive: true, force: true });
  }
  for (const name of ["sh", "mkdir", "rm", "cat"]) symlinkSync("busybox", join(root, "bin", name));
  writeFileSync(join(root, "etc/passwd"), "root:x:0:0::/:/bin/sh\npostgres:x:26:26::/:/bin/sh\n");
  writeFileSync(join(root, "etc/group"), "root:x:0:\npostgres:x:26:\n");
  for (const folder of written) {
    mkdirSync(join(root, folder), { recursive: true });
    chmodSync(join(root, folder), 0o1777);
  }
  cpSync(join(own, "entrypoint.sh"), join(root, "entrypoint"));
  chmodSync(join(root, "entrypoint"), 0o755);
}
