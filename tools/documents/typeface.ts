import { readFileSync } from "node:fs";
import { join } from "node:path";
import fontkit from "@pdf-lib/fontkit";
import type { PDFDocument, PDFFont } from "pdf-lib";

/** The font families of test documents, all under the Open Font License. */
export const families = {
  /** The widths and shapes of Arial. */
  sans: "arimo",
  /** The widths and shapes of Times New Roman. */
  serif: "tinos",
  /** A typewriter. */
  typewriter: "courier-prime",
  /** An old-style book face with ligatures. */
  book: "eb-garamond",
} as const;

export type Family = keyof typeof families;

/** One family in a document, in two weights. */
export interface Typeface {
  regular: PDFFont;
  bold: PDFFont;
}

/** What a block is set in; sizes and widths in points. */
export interface Setting {
  typeface: Typeface;
  size: number;
  width: number;
}

const packages = join(import.meta.dir, "..", "..", "node_modules", "@fontsource");

/** Embeds the glyphs of a family that the document turns out to need. */
export async function embedTypeface(document: PDFDocument, family: Family): Promise<Typeface> {
  document.registerFontkit(fontkit);
  const [regular, bold] = await Promise.all(
    [400, 700].map((weight) => document.embedFont(fontFile(family, weight), { subset: true })),
  );
  if (!regular || !bold) throw new Error(`no fonts of ${family}`);
  return { regular, bold };
}

function fontFile(family: Family, weight: number): Uint8Array {
  const name = families[family];
  return readFileSync(join(packages, name, "files", `${name}-latin-${weight}-normal.woff`));
}

/** Breaks text into lines of at most so many points. */
export function wrap(
  text: string,
  font: PDFFont,
  measure: Pick<Setting, "size" | "width">,
): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && font.widthOfTextAtSize(longer, measure.size) > measure.width) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  if (line !== "") lines.push(line);
  return lines;
}
