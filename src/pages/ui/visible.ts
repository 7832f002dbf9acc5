/** Characters that turn the direction of text, or are not seen at all, by the names under which they are shown. */
const names: Readonly<Record<string, string>> = {
  "\u202a": "LRE",
  "\u202b": "RLE",
  "\u202c": "PDF",
  "\u202d": "LRO",
  "\u202e": "RLO",
  "\u2066": "LRI",
  "\u2067": "RLI",
  "\u2068": "FSI",
  "\u2069": "PDI",
  "\u200b": "ZWSP",
  "\ufeff": "BOM",
};

/**
 * Text of strangers as it can be shown without lying: what would reorder or hide its neighbours is spelled out, other
 * control characters are shown as their symbols.
 */
export function visible(text: string): string {
  return text.replace(
    /[\u202a-\u202e\u2066-\u2069\u200b\ufeff]|(?![\n\t])\p{Cc}/gu,
    (character) => {
      const name = names[character];
      if (name !== undefined) return `⟦${name}⟧`;
      const code = character.codePointAt(0) ?? 0;
      return code < 32 ? String.fromCodePoint(0x2400 + code) : "␡";
    },
  );
}
