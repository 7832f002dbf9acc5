import plainWasm from "tesseract.js-core/tesseract-core-lstm.wasm" with { type: "file" };
import relaxedWasm from "tesseract.js-core/tesseract-core-relaxedsimd-lstm.wasm" with {
  type: "file",
};
import simdWasm from "tesseract.js-core/tesseract-core-simd-lstm.wasm" with { type: "file" };
import { embeddedPath } from "../../../src/core/built.ts";
import { boundedMemory } from "./wasm-memory.ts";

/** The part of Tesseract's API that is used; handles are addresses in the core's heap. */
export interface TessApi {
  Init(folder: string, languages: string, engine: number): number;
  End(): void;
  SetVariable(name: string, value: string): boolean;
  SetPageSegMode(mode: number): void;
  SetImage(
    pixels: number,
    width: number,
    height: number,
    bytesPerPixel: number,
    bytesPerLine: number,
    exifOrientation: number,
    radians: number,
  ): void;
  SetSourceResolution(dpi: number): void;
  Recognize(monitor: null): number;
  GetTSVText(page: number): string;
  Clear(): void;
}

/** A decoded picture in the core's heap. */
export interface Pix {
  get_w(): number;
  get_h(): number;
  get_d(): number;
  /** Dots per inch; 0 when the file does not say. */
  get_xres(): number;
  get_wpl(): number;
  get_spp(): number;
  /** The address of its first row. */
  get_data(): number;
  get_colormap(): PixColors;
}

/** A palette in the core's heap; its address is 0 when there is none. */
interface PixColors {
  get_array(): number;
  get_n(): number;
}

/** Tesseract and Leptonica in wasm, as `tesseract.js-core` exports them. */
export interface Core {
  FS: { writeFile(path: string, data: Uint8Array): void; unlink(path: string): void };
  TessBaseAPI: new () => TessApi;
  Pix: unknown;
  wrapPointer(address: number, type: unknown): Pix;
  getPointer(handle: unknown): number;
  setValue(address: number, value: number, type: "i32"): void;
  _malloc(bytes: number): number;
  _free(address: number): void;
  _pixReadMem(address: number, bytes: number): number;
  _pixDestroy(addressOfAddress: number): void;
}

/** A loaded core and its memory, which moves when it grows: take `memory.buffer` anew after each call. */
export interface LoadedCore {
  core: Core;
  memory: WebAssembly.Memory;
}

type Factory = (options: Record<string, unknown>) => Promise<Core>;

/** Modules that only validate where the instructions exist (github.com/WebAssembly/features). */
const simdProbe = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15,
  253, 98, 11,
];
const relaxedSimdProbe = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 15, 1, 13, 0, 65, 1, 253, 15,
  65, 2, 253, 15, 253, 128, 2, 11,
];

/** The core's build that this machine can run, the fastest first. */
export function coreVariant(): "relaxedsimd" | "simd" | "plain" {
  if (WebAssembly.validate(new Uint8Array(relaxedSimdProbe))) return "relaxedsimd";
  return WebAssembly.validate(new Uint8Array(simdProbe)) ? "simd" : "plain";
}

/** Compiles the core for this machine. */
export async function compileCore(): Promise<WebAssembly.Module> {
  const { path } = variants[coreVariant()];
  return WebAssembly.compile(await Bun.file(embeddedPath(path)).arrayBuffer());
}

/** Makes a core of what `compileCore` has compiled; its heap is bounded. */
export async function loadCore(compiled: WebAssembly.Module): Promise<LoadedCore> {
  const factory = await variants[coreVariant()].load();
  const { instantiate, memory } = boundedMemory(compiled);
  const core = await factory({
    instantiateWasm: instantiate,
    // What Tesseract prints is neither protocol nor of use to anyone.
    print: ignore,
    printErr: ignore,
  });
  return { core, memory: await memory };
}

const variants = {
  relaxedsimd: {
    path: relaxedWasm,
    load: async () =>
      factoryOf(await import("tesseract.js-core/tesseract-core-relaxedsimd-lstm.js")),
  },
  simd: {
    path: simdWasm,
    load: async () => factoryOf(await import("tesseract.js-core/tesseract-core-simd-lstm.js")),
  },
  plain: {
    path: plainWasm,
    load: async () => factoryOf(await import("tesseract.js-core/tesseract-core-lstm.js")),
  },
};

function factoryOf(module: { default: unknown }): Factory {
  // The package has no types; its default export is emscripten's module factory.
  return module.default as Factory;
}

function ignore(): undefined {
  return undefined;
}
