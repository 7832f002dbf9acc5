// The run-time's WebAssembly, which the bundler embeds: the import is the file's place in the binary.

declare module "onnxruntime-web/ort-wasm-simd-threaded.wasm" {
  const path: string;
  // biome-ignore lint/style/noDefaultExport: this is how the bundler exports a file's place.
  export default path;
}
