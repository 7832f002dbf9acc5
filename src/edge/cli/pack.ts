import { resolve } from "node:path";
import { AppError } from "../../core/fault.ts";
import { packFolder } from "../pack.ts";
import { readSigningKey } from "../signature.ts";
import { type Command, jsonOption, oneOperand } from "./command.ts";
import { readKeyFile, sizeText } from "./words.ts";

export const packCommand: Command = {
  name: "pack",
  about:
    "Packs a folder with a manifest.json as an .mcpb bundle; the same folder always gives the same bytes.",
  operands: "<folder>",
  options: {
    out: { value: "<file>", about: "The file to write (default: ./<name>-<version>.mcpb)" },
    sign: {
      value: "<key.pem>",
      about: "Signs with this ed25519 private key; the signature goes into the file.",
    },
    detached: { about: "With --sign: writes the signature to <file>.sig instead." },
    ...jsonOption,
  },
  examples: [
    "berth pack ./my-server",
    "berth pack ./my-server --sign key.pem --out my-server.mcpb",
  ],
  run(input, io) {
    const keyFile = input.text("sign");
    if (keyFile === undefined && input.isSet("detached")) {
      throw new AppError("usage", "Cannot run berth pack: --detached is set, --sign is not", {
        hint: "Give the key with --sign <key.pem>.",
      });
    }
    const packed = packFolder(resolve(io.cwd, oneOperand(packCommand, input)), {
      cwd: io.cwd,
      out: input.text("out"),
      signingKey:
        keyFile === undefined ? undefined : readSigningKey(keyFile, readKeyFile(keyFile, io.cwd)),
      isDetached: input.isSet("detached"),
    });
    if (input.isSet("json")) {
      io.print(JSON.stringify(packed));
      return 0;
    }
    io.print(packed.path);
    io.print(
      `${sizeText(packed.bytes)}, ${packed.files} files${packed.isSigned ? ", signed" : ""}`,
    );
    io.print(`sha256 ${packed.sha256}`);
    if (packed.signaturePath !== null) io.print(packed.signaturePath);
    return 0;
  },
};
