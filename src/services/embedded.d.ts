// Files of swagger-ui-dist that the bundler embeds: the import is the file's place in the binary.

declare module "swagger-ui-dist/swagger-ui-bundle.js" {
  const path: string;
  // biome-ignore lint/style/noDefaultExport: this is how the bundler exports a file's place.
  export default path;
}

declare module "swagger-ui-dist/swagger-ui.css" {
  const path: string;
  // biome-ignore lint/style/noDefaultExport: this is how the bundler exports a file's place.
  export default path;
}
