import { allocate } from "./pdf.ts";
import type { Pdfium } from "./pdfium.ts";
import { Refusal } from "./refusal.ts";

/**
 * A module that hands its import back as an export: C code can call a function of JavaScript only in this form. It
 * takes three 32-bit numbers and returns one.
 */
const wrapper = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 8, 1, 96, 3, 127, 127, 127, 1, 127, 2, 7, 1, 1, 101, 1, 102, 0, 0,
  7, 5, 1, 1, 102, 0, 0,
]);
/** The address of no function: the table cannot grow, and C code never calls this one by itself. */
const freePlace = 0;

/** Writes a document of PDFium's heap as a file. @throws Refusal when there is no memory for it. */
export function savePdf(pdfium: Pdfium, document: number): Uint8Array {
  const parts: Uint8Array[] = [];
  const write = (_writer: number, address: number, size: number): number => {
    parts.push(pdfium.HEAPU8.slice(address, address + size));
    return 1;
  };
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(wrapper), {
    e: { f: write },
  });
  const table = pdfium.wasmExports.__indirect_function_table;
  // FPDF_FILEWRITE: its version, and the address of the function that takes the bytes.
  const writer = allocate(pdfium, 8);
  new Int32Array(pdfium.HEAPU8.buffer, writer, 2).set([1, freePlace]);
  table.set(freePlace, exports.f);
  const isSaved = pdfium._FPDF_SaveAsCopy(document, writer, 0) !== 0;
  table.set(freePlace, null);
  pdfium.wasmExports.free(writer);
  if (!isSaved) throw new Refusal("too_much_memory", "the searchable PDF needs too much memory");
  return new Uint8Array(Buffer.concat(parts));
}
