import { statSync } from "node:fs";
import { resolve } from "node:path";
import { AppError } from "../../core/fault.ts";
import { findDetachedSignature, readArchiveFile } from "../archive.ts";
import { readConfig } from "../config-file.ts";
import { type Installed, installArchive } from "../install.ts";
import { packedBytes } from "../pack.ts";
import { bundlesFolderOf, readTrustedKeys } from "../servers.ts";
import { readPublicKey } from "../signature.ts";
import {
  type Command,
  type CommandInput,
  type CommandIo,
  configOption,
  jsonOption,
  oneOperand,
} from "./command.ts";
import { readKeyFile } from "./words.ts";

export const addCommand: Command = {
  name: "add",
  about:
    "Verifies a bundle and installs it: digest and signature first, then its structure; its content is pinned.",
  operands: "<file.mcpb | folder>",
  options: {
    bundles: { value: "<folder>", about: "Where to install it (default: bundles of berth.json)" },
    sha256: { value: "<hex>", about: "Installs only the file that has this digest." },
    "require-signature": {
      about:
        "Installs only what a trusted key has signed (default: requireSignature of berth.json)",
    },
    trust: {
      value: "<key.pub>",
      isMultiple: true,
      about:
        "A public key or certificate in PEM form, beside trustedKeys of berth.json; repeatable.",
    },
    ...configOption,
    ...jsonOption,
  },
  examples: [
    "berth add customer-mcp-0.1.0.mcpb",
    "berth add customer-mcp-0.1.0.mcpb --require-signature --trust publisher.pub",
  ],
  run(input, io) {
    const operand = oneOperand(addCommand, input);
    if (/^[a-z]+:\/\//i.test(operand)) {
      throw new AppError(
        "usage",
        `Cannot add ${JSON.stringify(operand)}: berth fetches nothing from the network`,
        {
          hint: "Download the file, then: berth add <file> --sha256 <the digest that its publisher states>",
        },
      );
    }
    const installed = install(resolve(io.cwd, operand), input, io);
    if (input.isSet("json")) {
      io.print(JSON.stringify(resultOf(installed)));
      return 0;
    }
    const { lock, folder, replaced } = installed;
    io.print(`${replaced ? "replaced" : "added"} ${lock.name} ${lock.version}`);
    io.print(`folder     ${folder}`);
    io.print(`content    sha256 ${lock.sha256}`);
    io.print(`signature  ${signatureText(installed)}`);
    io.print(`Next: berth info ${lock.name}`);
    return 0;
  },
};

function install(path: string, input: CommandInput, io: CommandIo): Installed {
  const config = readConfig({ path: input.text("config"), env: io.env, cwd: io.cwd });
  const given = input.texts("trust").map((file) => readPublicKey(file, readKeyFile(file, io.cwd)));
  const bundles = input.text("bundles");
  const sha256 = input.text("sha256")?.toLowerCase();
  if (sha256 !== undefined && !/^[0-9a-f]{64}$/.test(sha256)) {
    throw new AppError(
      "usage",
      `Cannot run berth add: --sha256 is ${JSON.stringify(sha256)}; expected 64 hex digits`,
    );
  }
  const detachedSignature = findDetachedSignature(path);
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  return installArchive(isFolder ? packedBytes(path) : readArchiveFile(path), {
    bundlesFolder: bundles === undefined ? bundlesFolderOf(config) : resolve(io.cwd, bundles),
    trustedKeys: [...readTrustedKeys(config, io.env), ...given],
    requireSignature: input.isSet("require-signature") || config.requireSignature,
    ...(detachedSignature !== undefined && { detachedSignature }),
    ...(sha256 !== undefined && { expectedSha256: sha256 }),
  });
}

function resultOf({ lock, folder, replaced, signature }: Installed) {
  const { name, version, sha256, archiveSha256 } = lock;
  return { name, version, folder, sha256, archiveSha256, replaced, signature };
}

function signatureText({ signature }: Installed): string {
  switch (signature.status) {
    case "trusted":
      return `by ${signature.by} (${signature.form})`;
    case "untrusted":
      return `present (${signature.form}), by no trusted key`;
    case "unsigned":
      return "none";
  }
}
