// Files that the bundler embeds: the import is the file's place in the binary. The core's own code has no types.

declare module "*.wasm" {
  const path: string;
  // biome-ignore lint/style/noDefaultExport: this is how the bundler exports a file's place.
  export default path;
}

declare module "*.traineddata.gz" {
  const path: string;
  // biome-ignore lint/style/noDefaultExport: this is how the bundler exports a file's place.
  export default path;
}

declare module "tesseract.js-core/*-lstm.js" {
  const factory: unknown;
  // biome-ignore lint/style/noDefaultExport: the package exports its factory so.
  export default factory;
}
