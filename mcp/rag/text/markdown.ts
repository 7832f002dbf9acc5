import { lexer, type Token, type Tokens } from "marked";
import { type Block, type ExtractedDocument, paragraphsOf, tableText, tidy } from "./extracted.ts";
import { readHtml } from "./html.ts";

/** Reads Markdown: headings, paragraphs, lists, tables and code; front matter gives the title and goes. */
export function readMarkdown(text: string): ExtractedDocument {
  const { matter, body } = splitFrontMatter(text);
  const blocks = lexer(body).flatMap(blocksOf);
  const named = /^title:\s*["']?(.+?)["']?\s*$/m.exec(matter)?.[1];
  const title = named ?? blocks.find(({ kind, level }) => kind === "heading" && level === 1)?.text;
  return { ...(title !== undefined && { title }), blocks, warnings: [] };
}

function splitFrontMatter(text: string): { matter: string; body: string } {
  const found = /^\ufeff?---\r?\n([\s\S]*?)\r?\n---\r?\n/.exec(text);
  return found
    ? { matter: found[1] ?? "", body: text.slice(found[0].length) }
    : { matter: "", body: text };
}

function blocksOf(token: Token): Block[] {
  switch (token.type) {
    case "heading": {
      const text = plainText(token);
      return text === "" ? [] : [{ kind: "heading", text, level: (token as Tokens.Heading).depth }];
    }
    case "table": {
      const { header, rows } = token as Tokens.Table;
      const text = tableText([header, ...rows].map((row) => row.map((cell) => plainText(cell))));
      return text === "" ? [] : [{ kind: "table", text }];
    }
    case "list":
      return paragraphsOf(listText(token as Tokens.List));
    case "blockquote":
      return ((token as Tokens.Blockquote).tokens ?? []).flatMap(blocksOf);
    case "code":
      return paragraphsOf((token as Tokens.Code).text);
    case "html":
      return [...readHtml((token as Tokens.HTML).text).blocks];
    case "space":
    case "hr":
    case "def":
      return [];
    default:
      return paragraphsOf(plainText(token));
  }
}

function listText({ items }: Tokens.List): string {
  return items
    .map(
      (item) =>
        `- ${tidy(item.tokens.map((token) => nestedText(token)).join("\n")).replaceAll("\n\n", "\n")}`,
    )
    .join("\n");
}

function nestedText(token: Token): string {
  return token.type === "list" ? listText(token as Tokens.List) : plainText(token);
}

/** The words of inline text without its marks; addresses of links and images go. */
function plainText(token: {
  tokens?: Token[] | undefined;
  text?: string;
  raw?: string;
  type?: string;
}): string {
  if (token.type === "br") return "\n";
  if (token.type === "html")
    return readHtml(token.text ?? "")
      .blocks.map(({ text }) => text)
      .join(" ");
  if (!token.tokens) return tidyInline(token.text ?? token.raw ?? "");
  return token.tokens.map(plainText).join("");
}

/** The lexer escapes what HTML would read as markup. */
function tidyInline(text: string): string {
  return text
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, "&");
}
