import * as library from "@hyzyla/pdfium";
import pdfiumWasm from "@hyzyla/pdfium/pdfium.wasm" with { type: "file" };
import { embeddedPath } from "../../../src/core/built.ts";
import { boundedMemory } from "./wasm-memory.ts";

/** The functions of PDFium's C interface that are used (public/fpdfview.h, fpdf_text.h, fpdf_edit.h, fpdf_save.h). */
export interface Pdfium {
  readonly HEAPU8: Uint8Array;
  readonly wasmExports: {
    malloc(bytes: number): number;
    free(address: number): void;
    /** The functions that C code calls by address. */
    __indirect_function_table: WebAssembly.Table;
  };
  _FPDF_InitLibrary(): void;
  _FPDF_LoadMemDocument(data: number, bytes: number, password: number): number;
  _FPDF_CloseDocument(document: number): void;
  _FPDF_GetLastError(): number;
  _FPDF_GetPageCount(document: number): number;
  _FPDF_LoadPage(document: number, index: number): number;
  _FPDF_ClosePage(page: number): void;
  _FPDF_GetPageWidth(page: number): number;
  _FPDF_GetPageHeight(page: number): number;
  _FPDF_PageToDevice(
    page: number,
    startX: number,
    startY: number,
    sizeX: number,
    sizeY: number,
    rotate: number,
    pageX: number,
    pageY: number,
    deviceX: number,
    deviceY: number,
  ): number;
  _FPDFPage_GetAnnotCount(page: number): number;
  _FPDFPage_Flatten(page: number, usage: number): number;
  _FPDFPage_CountObjects(page: number): number;
  _FPDFPage_GetObject(page: number, index: number): number;
  _FPDFPageObj_GetType(object: number): number;
  _FPDFPageObj_GetBounds(
    object: number,
    left: number,
    bottom: number,
    right: number,
    top: number,
  ): number;
  _FPDFImageObj_GetImagePixelSize(object: number, width: number, height: number): number;
  _FPDF_CreateNewDocument(): number;
  _FPDFPage_New(document: number, index: number, width: number, height: number): number;
  _FPDFPage_InsertObject(page: number, object: number): void;
  _FPDFPage_GenerateContent(page: number): number;
  _FPDFPageObj_NewTextObj(document: number, font: number, size: number): number;
  _FPDFText_SetText(object: number, text: number): number;
  _FPDFTextObj_SetTextRenderMode(object: number, mode: number): number;
  _FPDFPageObj_SetMatrix(object: number, matrix: number): number;
  _FPDFPageObj_NewImageObj(document: number): number;
  _FPDFImageObj_SetBitmap(pages: number, count: number, object: number, bitmap: number): number;
  _FPDF_SaveAsCopy(document: number, writer: number, flags: number): number;
  _FPDFText_LoadPage(page: number): number;
  _FPDFText_ClosePage(text: number): void;
  _FPDFText_CountChars(text: number): number;
  _FPDFText_GetUnicode(text: number, index: number): number;
  _FPDFText_HasUnicodeMapError(text: number, index: number): number;
  _FPDFText_GetCharBox(
    text: number,
    index: number,
    left: number,
    right: number,
    bottom: number,
    top: number,
  ): number;
  _FPDFBitmap_CreateEx(
    width: number,
    height: number,
    format: number,
    data: number,
    stride: number,
  ): number;
  _FPDFBitmap_FillRect(
    bitmap: number,
    left: number,
    top: number,
    width: number,
    height: number,
    color: number,
  ): void;
  _FPDFBitmap_Destroy(bitmap: number): void;
  _FPDF_RenderPageBitmap(
    bitmap: number,
    page: number,
    startX: number,
    startY: number,
    sizeX: number,
    sizeY: number,
    rotate: number,
    flags: number,
  ): void;
}

type Factory = (options: Record<string, unknown>) => Promise<Pdfium>;

/** PDFium and its memory. */
export interface LoadedPdfium {
  pdfium: Pdfium;
  memory: WebAssembly.Memory;
}

/** Compiles PDFium from inside the program. */
export async function compilePdfium(): Promise<WebAssembly.Module> {
  return WebAssembly.compile(await Bun.file(embeddedPath(pdfiumWasm)).arrayBuffer());
}

/** Makes a PDFium of what `compilePdfium` has compiled; its heap is bounded. */
export async function loadPdfium(compiled: WebAssembly.Module): Promise<LoadedPdfium> {
  const { instantiate, memory } = boundedMemory(compiled);
  // Exported by the package, but not in its types: emscripten's factory for all of PDFium.
  const { PDFiumModule } = library as unknown as { PDFiumModule: Factory };
  const pdfium = await PDFiumModule({
    instantiateWasm: instantiate,
    print: () => undefined,
    printErr: () => undefined,
  });
  pdfium._FPDF_InitLibrary();
  return { pdfium, memory: await memory };
}
