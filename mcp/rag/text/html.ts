import { Parser } from "htmlparser2";
import { type Block, type ExtractedDocument, tableText, tidy } from "./extracted.ts";

/** What a page shows nobody, or shows on every page. */
const hidden: ReadonlySet<string> = new Set(
  "script style noscript template svg math iframe object nav head".split(" "),
);
/** Elements that end a paragraph where they begin and end. */
const dividing: ReadonlySet<string> = new Set(
  `address article aside blockquote body br dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6
   header hr li main ol p pre section summary table tr ul`.split(/\s+/),
);
const headings: ReadonlySet<string> = new Set(["h1", "h2", "h3", "h4", "h5", "h6"]);

/** Reads what a page says: headings, paragraphs and tables; scripts, styles and navigation are left out. */
export function readHtml(html: string): ExtractedDocument {
  const reader = new PageReader();
  const parser = new Parser(
    {
      onopentagname: (name) => reader.open(name),
      onclosetag: (name) => reader.close(name),
      ontext: (text) => reader.text(text),
    },
    { decodeEntities: true },
  );
  parser.write(html);
  parser.end();
  return reader.finish();
}

class PageReader {
  readonly #blocks: Block[] = [];
  #title = "";
  #paragraph = "";
  /** How many hidden elements are open. */
  #hiddenDepth = 0;
  #isTitle = false;
  /** The rows of the outermost open table; those of tables in it are its own. */
  #rows: string[][] | undefined;
  #tableDepth = 0;

  open(name: string): void {
    if (name === "title" && this.#title === "") this.#isTitle = true;
    if (hidden.has(name)) this.#hiddenDepth++;
    if (name === "table" && this.#tableDepth++ === 0) {
      this.#endParagraph();
      this.#rows = [];
    }
    if (this.#rows) this.#openInTable(name);
    else if (dividing.has(name)) this.#endParagraph(name === "br");
  }

  close(name: string): void {
    if (name === "title") this.#isTitle = false;
    if (hidden.has(name)) this.#hiddenDepth = Math.max(0, this.#hiddenDepth - 1);
    if (name === "table" && this.#tableDepth > 0 && --this.#tableDepth === 0) this.#endTable();
    if (this.#rows) return;
    if (headings.has(name)) this.#endHeading(Number(name[1]));
    else if (dividing.has(name) && name !== "br") this.#endParagraph();
  }

  text(text: string): void {
    if (this.#isTitle) this.#title += text;
    if (this.#hiddenDepth > 0) return;
    const row = this.#rows?.at(-1);
    if (row && row.length > 0) row[row.length - 1] += text;
    else if (!this.#rows) this.#paragraph += text;
  }

  finish(): ExtractedDocument {
    // A page that is cut off may leave a table open.
    if (this.#rows) this.#endTable();
    this.#endParagraph();
    const first = this.#blocks.find(({ kind, level }) => kind === "heading" && level === 1);
    const title = tidy(this.#title).replaceAll("\n", " ") || first?.text;
    return { ...(title !== undefined && { title }), blocks: this.#blocks, warnings: [] };
  }

  #openInTable(name: string): void {
    if (name === "tr") this.#rows?.push([]);
    if (name === "td" || name === "th") this.#rows?.at(-1)?.push("");
    if (dividing.has(name)) this.text(" ");
  }

  #endTable(): void {
    const text = tableText(this.#rows ?? []);
    this.#rows = undefined;
    if (text !== "") this.#blocks.push({ kind: "table", text });
  }

  #endHeading(level: number): void {
    const text = tidy(this.#paragraph).replaceAll("\n", " ");
    this.#paragraph = "";
    if (text !== "") this.#blocks.push({ kind: "heading", text, level });
  }

  /** `isLine`: only the line ends, not the paragraph. */
  #endParagraph(isLine = false): void {
    if (isLine) {
      this.#paragraph += "\u2028";
      return;
    }
    // The source's own line feeds are blanks; those that <br> meant are not.
    const text = tidy(this.#paragraph.replace(/\s*[\n\r]\s*/g, " "));
    this.#paragraph = "";
    if (text !== "") this.#blocks.push({ kind: "paragraph", text });
  }
}
