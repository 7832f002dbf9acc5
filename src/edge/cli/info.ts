import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { AppError } from "../../core/fault.ts";
import { findDetachedSignature, openArchive, readArchiveFile } from "../archive.ts";
import { inspectBundle } from "../bundle.ts";
import { type Config, readConfig } from "../config-file.ts";
import type { Lock } from "../lock.ts";
import { askedPermissions, bundleName, type Manifest } from "../manifest.ts";
import { noPermissions, type Permissions } from "../permissions.ts";
import { listServers, readTrustedKeys, type ServerEntry } from "../servers.ts";
import { judgeSignature, type SignatureState } from "../signature.ts";
import { type Command, configOption, jsonOption, oneOperand } from "./command.ts";
import { describeCommand, readCommand } from "./command-info.ts";
import { describe } from "./describe.ts";
import { type Effective, effectiveOf } from "./effective.ts";

/** What is known of a bundle before anybody runs it. */
export interface BundleInfo extends Effective {
  name: string;
  /** The bundle file, or the folder. */
  path: string;
  manifest: Manifest;
  /** null when the manifest says nothing about permissions. */
  asks: Permissions | null;
  /** What berth.json grants; null for a file or folder that it does not list. */
  grants: Permissions | null;
  /** Of the content; null for a file that is not installed. */
  sha256: string | null;
  /** null for a folder: a signature belongs to a file. */
  signature: SignatureState | null;
  /** What the installation has written down. */
  lock: Pick<Lock, "installedAt" | "signedBy" | "archiveSha256"> | null;
}

export const infoCommand: Command = {
  name: "info",
  about:
    "Tells in plain words what a server is, which settings it needs, what it asks to be allowed and what it may do.",
  operands: "<name | file.mcpb | folder>",
  options: { ...configOption, ...jsonOption },
  examples: ["berth info customer-mcp", "berth info ./customer-mcp-0.1.0.mcpb --json"],
  run(input, io) {
    const operand = oneOperand(infoCommand, input);
    const config = readConfig({ path: input.text("config"), env: io.env, cwd: io.cwd });
    const { info, text } = look(operand, config, io);
    io.print(input.isSet("json") ? JSON.stringify(info) : text);
    return 0;
  },
};

interface Place {
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
}

/** A name of the configuration wins over a file or folder that happens to have it. */
function look(operand: string, config: Config, place: Place): { info: object; text: string } {
  const entry = listServers(config).find(({ name }) => name === operand);
  if (entry?.folder === null) {
    const command = readCommand(entry, config, place.env);
    return { info: command, text: describeCommand(command) };
  }
  const info =
    entry === undefined
      ? readPath(operand, config, place)
      : readEntry(entry, entry.folder, { config, env: place.env });
  return { info, text: describe(info) };
}

function readPath(operand: string, config: Config, { env, cwd }: Place): BundleInfo {
  const path = resolve(cwd, operand);
  if (!existsSync(path)) {
    throw new AppError(
      "not_found",
      `Cannot show ${JSON.stringify(operand)}: no server, file or folder of that name`,
      {
        hint: "See berth list for the names.",
      },
    );
  }
  return statSync(path).isDirectory() ? readFolder(path, null) : readFile(path, config, env);
}

function readEntry(
  entry: ServerEntry,
  folder: string,
  { config, env }: { config: Config; env: Place["env"] },
): BundleInfo {
  const info = {
    ...readFolder(folder, entry.config.permissions ?? noPermissions),
    name: entry.name,
  };
  return { ...info, ...effectiveOf(entry, config, env) };
}

const notOpened = { effective: null, problem: null };

function readFolder(path: string, grants: Permissions | null): BundleInfo {
  const { name, folder, manifest, sha256, lock } = inspectBundle(path);
  const asks = askedPermissions(manifest) ?? null;
  const kept = lock && {
    installedAt: lock.installedAt,
    signedBy: lock.signedBy,
    archiveSha256: lock.archiveSha256,
  };
  return {
    name,
    path: folder,
    manifest,
    asks,
    grants,
    ...notOpened,
    sha256,
    signature: null,
    lock: kept,
  };
}

function readFile(path: string, config: Config, env: Place["env"]): BundleInfo {
  const file = readArchiveFile(path);
  const { manifest } = openArchive(file);
  const signature = judgeSignature(file, readTrustedKeys(config, env), findDetachedSignature(path));
  const asks = askedPermissions(manifest) ?? null;
  return {
    name: bundleName(manifest),
    path,
    manifest,
    asks,
    grants: null,
    ...notOpened,
    sha256: null,
    signature,
    lock: null,
  };
}
