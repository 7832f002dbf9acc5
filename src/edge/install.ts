import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "../core/fault.ts";
import { type Archive, openArchive, syncFolder, unpackArchive, writeDurably } from "./archive.ts";
import { contentHash, lockFile } from "./content.ts";
import { type Lock, lockText } from "./lock.ts";
import { bundleName } from "./manifest.ts";
import { judgeSignature, type SignatureState, type TrustedKey } from "./signature.ts";

export interface InstallOptions {
  /** Where installed bundles are; made when it is missing. */
  bundlesFolder: string;
  trustedKeys: readonly TrustedKey[];
  /** Refuse what no trusted key has signed. */
  requireSignature: boolean;
  /** The text of the `.sig` file beside the bundle file, when there is one. */
  detachedSignature?: string;
  /** The sha256 that the file has to have. */
  expectedSha256?: string;
}

/** A finished installation. */
export interface Installed {
  folder: string;
  lock: Lock;
  signature: SignatureState;
  /** The version that was there before, when one was replaced. */
  replaced: boolean;
}

/**
 * Verifies a bundle file and installs it: digest, then signature, then the archive's structure, and only then is anything
 * unpacked, beside the target, forced to the disk and renamed into place.
 */
export function installArchive(file: Uint8Array, options: InstallOptions): Installed {
  const { bundlesFolder } = options;
  const archiveSha256 = createHash("sha256").update(file).digest("hex");
  const signature = verify(file, archiveSha256, options);
  const archive = openArchive(file);
  checkEntryPoint(archive);
  const name = bundleName(archive.manifest);
  mkdirSync(bundlesFolder, { recursive: true });
  repairFolder(bundlesFolder);
  const work = join(bundlesFolder, workName("new", name));
  try {
    const files = unpackArchive(archive, work);
    const lock: Lock = {
      lockVersion: 1,
      name,
      version: archive.manifest.version,
      sha256: contentHash(files),
      archiveSha256,
      signedBy: signature.status === "trusted" ? signature.by : null,
      installedAt: new Date().toISOString(),
      files,
    };
    writeDurably(join(work, lockFile), lockText(lock));
    syncFolder(work);
    const folder = join(bundlesFolder, name);
    return { folder, lock, signature, replaced: moveIntoPlace(work, bundlesFolder, name) };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * Undoes what a killed installation left: a half-written bundle goes, one that was moved aside comes back when its
 * replacement never arrived. What a living process works on is left alone.
 */
export function repairFolder(bundlesFolder: string): void {
  if (!existsSync(bundlesFolder)) return;
  for (const entry of readdirSync(bundlesFolder)) {
    const [, kind, pid, name] = workPattern.exec(entry) ?? [];
    if (kind === undefined || name === undefined || isBusy(Number(pid))) continue;
    const path = join(bundlesFolder, entry);
    if (kind === "old" && !existsSync(join(bundlesFolder, name))) {
      renameSync(path, join(bundlesFolder, name));
    } else {
      rmSync(path, { recursive: true, force: true });
    }
  }
}

function verify(file: Uint8Array, sha256: string, options: InstallOptions): SignatureState {
  if (options.expectedSha256 !== undefined && options.expectedSha256 !== sha256) {
    throw new AppError(
      "forbidden",
      `Cannot install the bundle: its sha256 is ${sha256}; expected ${options.expectedSha256}`,
      {
        hint: "The file is not the one that the digest was made for. Get it again, and the digest from its publisher.",
      },
    );
  }
  const signature = judgeSignature(file, options.trustedKeys, options.detachedSignature);
  if (!options.requireSignature || signature.status === "trusted") return signature;
  const state =
    signature.status === "unsigned"
      ? "it is not signed"
      : `no trusted key made its ${signature.form} signature, or its content was changed`;
  throw new AppError("forbidden", `Cannot install the bundle: ${state}`, {
    hint: "Add the publisher's public key to trustedKeys in berth.json or pass it with --trust <key.pub>.",
  });
}

/** What can never start does not take the place of a version that does. */
function checkEntryPoint({ manifest, entries }: Archive): void {
  const { entry_point: entry } = manifest.server;
  const path = entry.replace(/^\.\//, "");
  if (entries.some((one) => one.path === path && !one.isDirectory)) return;
  throw new AppError(
    "invalid_input",
    `Cannot install ${JSON.stringify(manifest.name)}: its entry point ${JSON.stringify(entry)} is no file of it`,
    { hint: "Ask its publisher for another one, or repack its folder with `berth pack`." },
  );
}

function moveIntoPlace(work: string, bundlesFolder: string, name: string): boolean {
  const folder = join(bundlesFolder, name);
  const aside = join(bundlesFolder, workName("old", name));
  const wasThere = existsSync(folder);
  if (wasThere) {
    if (!existsSync(join(folder, lockFile))) {
      throw new AppError(
        "conflict",
        `Cannot install ${JSON.stringify(folder)}: a folder that was not installed by berth is there`,
        {
          hint: "Move it away, or choose another folder with --bundles.",
        },
      );
    }
    renameSync(folder, aside);
  }
  try {
    renameSync(work, folder);
  } catch (error) {
    if (wasThere) renameSync(aside, folder);
    throw error;
  }
  syncFolder(bundlesFolder);
  rmSync(aside, { recursive: true, force: true });
  return wasThere;
}

/** Kind, process and bundle, so that what is left behind tells what it was. */
const workPattern = /^\.berth-(new|old)-(\d+)-[0-9a-f]{8}-(.+)$/;

function workName(kind: "new" | "old", name: string): string {
  return `.berth-${kind}-${process.pid}-${randomBytes(4).toString("hex")}-${name}`;
}

/** Whether another process may still be at work there. An own leftover is one of an earlier life: pids repeat in pods. */
function isBusy(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
