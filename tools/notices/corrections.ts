/** What a package leaves unsaid about its licence. */
interface Correction {
  /** The SPDX expression, where package.json has none or a wrong one. */
  licence?: string;
  /** Who holds the rights, where the package holds no text: the standard text of its licence is taken with this line. */
  copyright?: string;
}

/** By package. Each was looked up at the project's own address; a package that is not here has to bring its text along. */
export const corrections: Readonly<Record<string, Correction>> = {
  "@tesseract.js-data/eng": { copyright: "Copyright (c) Balearica, jeromewu and contributors" },
  "@tesseract.js-data/fra": { copyright: "Copyright (c) Balearica, jeromewu and contributors" },
  "drizzle-orm": { copyright: "Copyright (c) Drizzle Team" },
  "onnxruntime-web": { copyright: "Copyright (c) Microsoft Corporation" },
  // Given to the public domain: nobody holds any.
  postgres: { copyright: "" },
  "sqlite-vec-darwin-arm64": sqliteVec(),
  "sqlite-vec-linux-arm64": sqliteVec(),
  "sqlite-vec-linux-x64": sqliteVec(),
};

/** Its package names "Apache", which is no licence's id. */
function sqliteVec(): Correction {
  return { licence: "MIT OR Apache-2.0", copyright: "Copyright (c) 2024 Alex Garcia" };
}
