import { describe, expect, test } from "bun:test";
import { textPdf } from "../../../tests/textPdf.ts";
import { extractDocument } from "./extract.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

describe("extractDocument", () => {
  test("reads Markdown: front matter, headings, lists, tables, links and code", async () => {
    const text = `---
title: "House rules"
---
# Cover

A **burst** pipe is [covered](https://example.com), \`flood\` & drought are not.

| Kind | Days |
|---|---|
| Auto | *30* |
| Home | 60 |

## Steps
- call the police
- send photos
  - of each room

> Keep receipts.

\`\`\`
code line
\`\`\`
<p>Raw &amp; ready</p>
`;
    expect(await extractDocument("rules.md", bytes(text))).toEqual({
      title: "House rules",
      warnings: [],
      blocks: [
        { kind: "heading", text: "Cover", level: 1 },
        { kind: "paragraph", text: "A burst pipe is covered, flood & drought are not." },
        { kind: "table", text: "Kind | Days\nAuto | 30\nHome | 60" },
        { kind: "heading", text: "Steps", level: 2 },
        { kind: "paragraph", text: "- call the police\n- send photos\n- of each room" },
        { kind: "paragraph", text: "Keep receipts." },
        { kind: "paragraph", text: "code line" },
        { kind: "paragraph", text: "Raw & ready" },
      ],
    });
  });

  test("reads a page's words and tables, not its scripts, styles and menus", async () => {
    const html = `<!doctype html><html><head><title> Dégâts
      des eaux </title><style>p{}</style></head><body><nav><a>Menu</a></nav>
      <h1>Fuite</h1><p>L&rsquo;eau&nbsp;coule.<br>Fermez<script>alert(1)</script> la vanne.</p>
      <table><tr><th>Type</th><th>Jours</th></tr><tr><td><p>Auto</p></td><td>30<ul><li>ouvrés</li></ul></td></tr></table>
      <div>Fin<div>ici</div></div><p>cut off`;
    expect(await extractDocument("page.HTML", bytes(html))).toEqual({
      title: "Dégâts des eaux",
      warnings: [],
      blocks: [
        { kind: "heading", text: "Fuite", level: 1 },
        { kind: "paragraph", text: "L’eau coule.\nFermez la vanne." },
        { kind: "table", text: "Type | Jours\nAuto | 30 ouvrés" },
        { kind: "paragraph", text: "Fin" },
        { kind: "paragraph", text: "ici" },
        { kind: "paragraph", text: "cut off" },
      ],
    });
  });

  test("reads a PDF's text layer by pages and names the pages without one", async () => {
    const pdf = textPdf([
      ["1. Exclusions", "A flood is not covered.", "Neither is gradual leak or", "wear."],
      [],
      ["The end."],
    ]);
    expect(await extractDocument("contract.pdf", pdf)).toEqual({
      warnings: ["no text layer on page 2: read it with the document server"],
      blocks: [
        { kind: "heading", level: 2, text: "1. Exclusions", page: 1 },
        {
          kind: "paragraph",
          text: "A flood is not covered.\nNeither is gradual leak or\nwear.",
          page: 1,
        },
        { kind: "paragraph", text: "The end.", page: 3 },
      ],
    });
    // Known by its first bytes, whatever its name.
    expect((await extractDocument("contract", pdf)).blocks.length).toBe(3);
  });

  test.each([
    ["UTF-8 with a mark", bytes("\ufeffÉté\r\n\r\ndeux")],
    [
      "UTF-16",
      new Uint8Array([
        0xff,
        0xfe,
        ...new Uint8Array(new Uint16Array([..."Été\n\ndeux"].map((c) => c.charCodeAt(0))).buffer),
      ]),
    ],
    ["Windows-1252", new Uint8Array([0xc9, 0x74, 0xe9, 10, 10, ...bytes("deux")])],
  ])("decodes %s", async (_, content) => {
    const { blocks } = await extractDocument("a.txt", content);
    expect(blocks.map(({ text }) => text)).toEqual(["Été", "deux"]);
  });

  test.each([
    ["a.docx", bytes("x"), 'Cannot read "a.docx": no known kind of document'],
    ["a.txt", new Uint8Array([127, 69, 76, 70, 0, 0]), 'Cannot read "a.txt": it holds no text'],
    ["a.pdf", bytes("%PDF-1.7 rubbish"), "Cannot read the PDF: it is damaged or has a password"],
    ["a.pdf", new Uint8Array(), "Cannot read the PDF: it is damaged or has a password"],
  ])("refuses %s with what is wrong", async (name, content, message) => {
    await expect(extractDocument(name, content)).rejects.toMatchObject({
      fault: "invalid_input",
      message,
    });
  });
});
