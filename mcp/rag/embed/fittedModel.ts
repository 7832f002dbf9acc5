import { AppError } from "../../../src/core/fault.ts";
import type { FittedModel } from "./fit.ts";

/** The first four bytes of a stored model; the digit is the layout's and the features' version. */
const magic = "LSA1";
const headerBytes = 16;

/** A fitted model as bytes, for the store to keep beside the vectors. Little-endian. */
export function encodeModel(model: FittedModel): Uint8Array {
  const { buckets, rarities, scales, directions } = model;
  const bytes = new Uint8Array(headerBytes + buckets.length * 12 + directions.length);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode(magic));
  view.setUint32(4, model.dimensions, true);
  view.setUint32(8, model.texts, true);
  view.setUint32(12, buckets.length, true);
  let at = headerBytes;
  for (const part of [buckets, rarities, scales, directions]) {
    bytes.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), at);
    at += part.byteLength;
  }
  return bytes;
}

/** @throws AppError `invalid_input` for bytes that are no model of this version. */
export function decodeModel(bytes: Uint8Array): FittedModel {
  // A copy at an address that fits the wider numbers.
  const { buffer } = bytes.slice();
  const view = new DataView(buffer);
  const isModel =
    bytes.length >= headerBytes && new TextDecoder().decode(bytes.subarray(0, 4)) === magic;
  const dimensions = isModel ? view.getUint32(4, true) : 0;
  const features = isModel ? view.getUint32(12, true) : 0;
  if (!isModel || bytes.length !== headerBytes + features * (12 + dimensions)) {
    throw new AppError(
      "invalid_input",
      `Cannot restore the built-in embedding model: ${bytes.length} bytes that are no model of this version`,
      { hint: "Run `rag-mcp reembed` to fit it anew." },
    );
  }
  const end = headerBytes + features * 4;
  return {
    dimensions,
    texts: view.getUint32(8, true),
    buckets: new Uint32Array(buffer, headerBytes, features),
    rarities: new Float32Array(buffer, end, features),
    scales: new Float32Array(buffer, end + features * 4, features),
    directions: new Int8Array(buffer, end + features * 8),
  };
}
