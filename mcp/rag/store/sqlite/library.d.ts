/** The bundler hands over the path of a file that is imported as one. */
declare module "*/vec0.so" {
  const path: string;

  export { path as default };
}
declare module "*/vec0.dylib" {
  const path: string;

  export { path as default };
}
