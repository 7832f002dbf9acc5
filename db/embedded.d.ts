// Files that the bundler embeds as text: `import create from "./0000_create.sql" with { type: "text" }`.

declare module "*.sql" {
  const text: string;
  // biome-ignore lint/style/noDefaultExport: this is how the bundler exports a file's text.
  export default text;
}

declare module "*.psv" {
  const text: string;
  // biome-ignore lint/style/noDefaultExport: this is how the bundler exports a file's text.
  export default text;
}
