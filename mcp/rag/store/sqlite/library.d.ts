/** The bundler hands over the path of a file that is imported as one. */
declare module "*/vec0.so" {
  const path: string;
  // biome-ignore lint/style/noDefaultExport: this is how the bundler hands it over.
  export default path;
}
declare module "*/vec0.dylib" {
  const path: string;
  // biome-ignore lint/style/noDefaultExport: this is how the bundler hands it over.
  export default path;
}
