/**
 * Checks the CMS signature (RFC 5652) that `mcpb sign` writes, against keys that the operator trusts. The certificates
 * inside are not looked at: a signature counts when a trusted key verifies it, whatever name it gives itself.
 */
import { createHash, type KeyObject, verify } from "node:crypto";

interface Node {
  tag: number;
  /** The whole element with its header. */
  raw: Uint8Array;
  body: Uint8Array;
}

/** Nodes in one list: far more than a chain of certificates has. */
const nodesLimit = 256;
const oids = {
  /** 1.2.840.113549.1.9.4 */
  messageDigest: "2a864886f70d010904",
  /** 2.16.840.1.101.3.4.2.1 */
  sha256: "608648016503040201",
} as const;
const tags = { sequence: 0x30, set: 0x31, signedAttributes: 0xa0 } as const;

/**
 * True when one of the signers of `der` is `key` and signed one of `contents`. Only SHA-256 with RSA (PKCS#1 v1.5) or
 * ECDSA is known; any other structure is simply not verified.
 */
export function verifyCms(
  der: Uint8Array,
  contents: readonly Uint8Array[],
  key: KeyObject,
): boolean {
  const digests = contents.map((content) => createHash("sha256").update(content).digest("hex"));
  try {
    return signersOf(der).some((signer) => isSignedBy(signer, digests, key));
  } catch (error) {
    if (error instanceof DerError) return false;
    throw error;
  }
}

class DerError extends Error {}

/** ContentInfo → SignedData → signerInfos, which is its last element. */
function signersOf(der: Uint8Array): Node[] {
  const [contentInfo] = children(der);
  const [, wrapped] = children(expectTag(contentInfo, tags.sequence).body);
  const [signedData] = children(wrapped?.body ?? new Uint8Array());
  const signers = children(expectTag(signedData, tags.sequence).body).at(-1);
  return children(expectTag(signers, tags.set).body);
}

/** SignerInfo: version, sid, digestAlgorithm, [0] signedAttrs, signatureAlgorithm, signature. */
function isSignedBy(signer: Node, digests: readonly string[], key: KeyObject): boolean {
  const [, , digestAlgorithm, attributes, , signature] = children(signer.body);
  const [digestOid] = children(expectTag(digestAlgorithm, tags.sequence).body);
  if (digestOid === undefined || hex(digestOid.body) !== oids.sha256) return false;
  const signed = expectTag(attributes, tags.signedAttributes);
  const digest = digestAttribute(signed);
  if (digest === undefined || !digests.includes(digest) || signature === undefined) return false;
  // What is signed is the attributes as a SET OF, not under their context tag (RFC 5652, section 5.4).
  const message = new Uint8Array(signed.raw);
  message[0] = tags.set;
  return verify("sha256", message, key, signature.body);
}

function digestAttribute(attributes: Node): string | undefined {
  for (const attribute of children(attributes.body)) {
    const [oid, values] = children(attribute.body);
    if (oid === undefined || hex(oid.body) !== oids.messageDigest) continue;
    const [value] = children(expectTag(values, tags.set).body);
    return value && hex(value.body);
  }
  return undefined;
}

function expectTag(node: Node | undefined, tag: number): Node {
  if (node?.tag !== tag) throw new DerError(`expected tag ${tag}`);
  return node;
}

function children(bytes: Uint8Array): Node[] {
  const nodes: Node[] = [];
  for (let at = 0; at < bytes.length; ) {
    const node = readNode(bytes.subarray(at));
    nodes.push(node);
    at += node.raw.length;
    if (nodes.length > nodesLimit) throw new DerError("too many elements");
  }
  return nodes;
}

function readNode(bytes: Uint8Array): Node {
  const [tag, first] = bytes;
  if (tag === undefined || first === undefined) throw new DerError("cut off");
  // Below 0x80 the byte is the length itself, otherwise the count of the bytes that hold it.
  const lengthBytes = first < 0x80 ? 0 : first - 0x80;
  if (lengthBytes > 3 || first === 0x80)
    throw new DerError("length in a form that DER does not have");
  let length = lengthBytes === 0 ? first : 0;
  for (const byte of bytes.subarray(2, 2 + lengthBytes)) length = length * 256 + byte;
  const bodyAt = 2 + lengthBytes;
  if (bodyAt + length > bytes.length) throw new DerError("cut off");
  return {
    tag,
    raw: bytes.subarray(0, bodyAt + length),
    body: bytes.subarray(bodyAt, bodyAt + length),
  };
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
