import type { EngineName } from "./protocol.ts";

const compiled: Partial<Record<EngineName, Promise<WebAssembly.Module>>> = {};

/** Loaded with the first document: a server starts without them. */
const compile: Readonly<Record<EngineName, () => Promise<WebAssembly.Module>>> = {
  core: async () => (await import("./core-module.ts")).compileCore(),
  pdfium: async () => (await import("./pdfium.ts")).compilePdfium(),
};

/** An engine's code for all threads of the process, compiled when the first one asks. */
export function compiledEngine(engine: EngineName): Promise<WebAssembly.Module> {
  compiled[engine] ??= compile[engine]();
  return compiled[engine];
}
