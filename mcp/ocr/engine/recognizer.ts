import { type LoadedCore, loadCore, type TessApi } from "./core-module.ts";
import { readLanguage, unusable } from "./languages.ts";
import type { Raster, Word } from "./model.ts";
import { wordsOfTsv } from "./tsv.ts";

/** How the core divides a page (tesseract's page segmentation modes). */
export const segmentation = { page: 3, block: 6, line: 7 } as const;

/** How one picture is recognised. */
export interface RecognizeOptions {
  languages: readonly string[];
  dpi: number;
  mode?: number;
}

/** One Tesseract in wasm. It belongs to one thread and reads one picture at a time. */
export class Recognizer {
  readonly #loaded: LoadedCore;
  readonly #folder: string;
  #api: TessApi | undefined;
  #languages = "";

  private constructor(loaded: LoadedCore, folder: string) {
    this.#loaded = loaded;
    this.#folder = folder;
  }

  /** @param folder Where further language data lies; empty for none. */
  static async open(folder: string, compiled: WebAssembly.Module): Promise<Recognizer> {
    return new Recognizer(await loadCore(compiled), folder);
  }

  get core(): LoadedCore {
    return this.#loaded;
  }

  /** Recognises a picture. Boxes are in its pixels, confidences from 0 to 1. */
  async recognize(raster: Raster, options: RecognizeOptions): Promise<Word[]> {
    const api = await this.#prepare(options.languages);
    api.SetPageSegMode(options.mode ?? segmentation.page);
    this.#setImage(api, raster);
    api.SetSourceResolution(Math.round(options.dpi));
    if (api.Recognize(null) !== 0) return [];
    const words = wordsOfTsv(api.GetTSVText(0));
    api.Clear();
    return words;
  }

  #setImage(api: TessApi, { data, width, height }: Raster): void {
    const { core, memory } = this.#loaded;
    const address = core._malloc(data.length);
    if (address === 0) throw new Error("the core has no memory for the picture");
    new Uint8Array(memory.buffer).set(data, address);
    // The core copies the picture; 1 is the EXIF orientation of an upright one.
    api.SetImage(address, width, height, 1, width, 1, 0);
    core._free(address);
  }

  async #prepare(languages: readonly string[]): Promise<TessApi> {
    const wanted = languages.join("+");
    if (this.#api && this.#languages === wanted) return this.#api;
    const { core } = this.#loaded;
    for (const language of languages) {
      const data = await readLanguage(language, this.#folder);
      core.FS.writeFile(`/${language}.traineddata`, data);
    }
    const api = this.#api ?? new core.TessBaseAPI();
    this.#api = undefined;
    // 1 is the LSTM engine, the only one that the language data holds.
    const failure = api.Init("/", wanted, 1);
    // The core has its own copy now.
    for (const language of languages) core.FS.unlink(`/${language}.traineddata`);
    if (failure !== 0) {
      api.End();
      throw unusable(wanted);
    }
    this.#api = api;
    this.#languages = wanted;
    return api;
  }
}
