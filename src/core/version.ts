import product from "../../package.json" with { type: "json" };

/** The product's version, the same in every binary, manifest and chart. */
export const version: string = product.version;
