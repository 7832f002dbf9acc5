import {
  createHash,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  sign,
  verify,
} from "node:crypto";
import * as z from "zod";
import { AppError } from "../core/fault.ts";
import { verifyCms } from "./cms.ts";
import { joinTrailer, splitArchive } from "./trailer.ts";

/** A public key whose signatures are believed. */
export interface TrustedKey {
  /** The operator's name for it, shown in answers. */
  name: string;
  key: KeyObject;
}

/** What is known of a bundle file's origin. */
export type SignatureState =
  /** A trusted key signed exactly this content. */
  | { status: "trusted"; by: string; form: "ed25519" | "cms" }
  /** There is a signature, but no trusted key verifies it: unknown key, changed content or unknown form. */
  | { status: "untrusted"; form: "ed25519" | "cms" }
  | { status: "unsigned" };

/** A signature as `<file>.sig` and as the block inside a bundle file hold it. */
const signatureSchema = z.strictObject({
  berthSignature: z.literal(1),
  algorithm: z.literal("ed25519"),
  /** The first 16 hex digits of the sha256 of the public key (SPKI, DER): tells keys apart, proves nothing. */
  keyId: z.string().regex(/^[0-9a-f]{16}$/),
  /** Of the bundle file without its signature block. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  signature: z.base64(),
});
type Signature = z.output<typeof signatureSchema>;

/** Reads a public key, or the public key of a certificate, from PEM text. */
export function readPublicKey(name: string, pem: string): TrustedKey {
  // createPublicKey would also take a private key, which has no business among trusted keys.
  if (/PRIVATE KEY/.test(pem)) throw keyFault(name, "it is a private key; expected the public one");
  try {
    return { name, key: createPublicKey(pem) };
  } catch (cause) {
    throw keyFault(name, "it is no public key or certificate in PEM form", cause);
  }
}

/** Reads the ed25519 private key that `berth pack --sign` is given. */
export function readSigningKey(name: string, pem: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch (cause) {
    throw keyFault(name, "it is no private key in PEM form, or it has a passphrase", cause);
  }
  if (key.asymmetricKeyType === "ed25519") return key;
  throw keyFault(name, `it is a key for ${key.asymmetricKeyType}; expected ed25519`);
}

/** Signs an unsigned bundle file; returns the JSON text of the signature. */
export function signArchive(zip: Uint8Array, key: KeyObject): string {
  const sha256 = hashOf(zip);
  const signature: Signature = {
    berthSignature: 1,
    algorithm: "ed25519",
    keyId: keyIdOf(createPublicKey(key)),
    sha256,
    signature: sign(null, messageOf(sha256), key).toString("base64"),
  };
  return `${JSON.stringify(signature)}\n`;
}

/** A bundle file with its signature inside. */
export function embedSignature(zip: Uint8Array, signature: string): Uint8Array {
  return joinTrailer(zip, "berth", Buffer.from(signature));
}

/** Judges a bundle file by the block inside it, or by the text of a `.sig` file beside it. Nothing is unpacked for it. */
export function judgeSignature(
  file: Uint8Array,
  keys: readonly TrustedKey[],
  detached?: string,
): SignatureState {
  const { zip, zipAsStored, trailer } = splitArchive(file);
  const own =
    detached ?? (trailer?.kind === "berth" ? Buffer.from(trailer.body).toString() : undefined);
  if (own !== undefined) {
    const by = keys.find(({ key }) => isSignedBy(zip, own, key))?.name;
    if (by !== undefined) return { status: "trusted", by, form: "ed25519" };
    if (trailer?.kind !== "cms") return { status: "untrusted", form: "ed25519" };
  }
  if (trailer?.kind !== "cms") return { status: "unsigned" };
  const by = keys.find(
    ({ key }) =>
      (key.asymmetricKeyType === "rsa" || key.asymmetricKeyType === "ec") &&
      verifyCms(trailer.body, [zip, zipAsStored], key),
  )?.name;
  return by === undefined
    ? { status: "untrusted", form: "cms" }
    : { status: "trusted", by, form: "cms" };
}

function isSignedBy(zip: Uint8Array, text: string, key: KeyObject): boolean {
  const signature = parseSignature(text);
  if (key.asymmetricKeyType !== "ed25519" || signature === undefined) return false;
  const sha256 = hashOf(zip);
  return (
    signature.sha256 === sha256 &&
    verify(null, messageOf(sha256), key, Buffer.from(signature.signature, "base64"))
  );
}

function parseSignature(text: string): Signature | undefined {
  try {
    return signatureSchema.safeParse(JSON.parse(text)).data;
  } catch {
    // Not JSON: a signature of another kind, which is not verified.
    return undefined;
  }
}

/** The prefix keeps a signature from being valid for anything but a bundle. */
function messageOf(sha256: string): Buffer {
  return Buffer.from(`berth bundle signature v1\nsha256:${sha256}\n`);
}

function keyIdOf(key: KeyObject): string {
  return hashOf(key.export({ type: "spki", format: "der" })).slice(0, 16);
}

function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function keyFault(name: string, state: string, cause?: unknown): AppError {
  return new AppError("invalid_config", `Cannot use the key ${JSON.stringify(name)}: ${state}`, {
    hint: "Make a pair with: openssl genpkey -algorithm ed25519 -out key.pem; openssl pkey -in key.pem -pubout -out key.pub",
    cause,
  });
}
