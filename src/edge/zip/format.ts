/** The records of a zip file (APPNOTE 6.3.10, section 4.3) as far as bundles use them. */

/** Record signatures, read as little-endian numbers. */
export const signatures = {
  localHeader: 0x04034b50,
  centralHeader: 0x02014b50,
  endOfDirectory: 0x06054b50,
  zip64Locator: 0x07064b50,
} as const;

/** The fixed lengths of the records, in bytes. */
export const sizes = {
  localHeader: 30,
  centralHeader: 46,
  endOfDirectory: 22,
  zip64Locator: 20,
} as const;

/** Bits of the general purpose flag. */
export const flags = {
  encrypted: 1 << 0,
  /** Sizes follow the data; the central directory has them as well. */
  sizesFollow: 1 << 3,
  patch: 1 << 5,
  stronglyEncrypted: 1 << 6,
  utf8: 1 << 11,
  masked: 1 << 13,
} as const;

/** Compression methods that are read; bundles need no other. */
export const methods = { stored: 0, deflated: 8 } as const;

/** The file-type part of a Unix mode and the types that a bundle may hold. */
export const modes = { typeMask: 0o170000, regular: 0o100000, directory: 0o040000 } as const;

/** A view for the multi-byte fields of a record. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
