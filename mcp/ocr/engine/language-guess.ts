/** Short words that are frequent in one language and rare in the others. */
const telling: Readonly<Record<string, ReadonlySet<string>>> = {
  eng: new Set(
    "the of and to in is for on with that by this be are was from your you has have an at not or will date amount claim".split(
      " ",
    ),
  ),
  fra: new Set(
    "le la les de des du et en un une est pour que qui dans sur par au aux avec votre vous nous ce cette il sont montant sinistre".split(
      " ",
    ),
  ),
};
const accents = /[éèêëàâçùûîïôœ]/gi;

/** How many words of a text speak for each language that can be guessed. */
function countTelling(text: string): Map<string, number> {
  const words = text.toLowerCase().match(/\p{L}+/gu) ?? [];
  return new Map(
    Object.entries(telling).map(([language, set]) => [
      language,
      words.filter((word) => set.has(word)).length +
        (language === "fra" ? (text.match(accents) ?? []).length : 0),
    ]),
  );
}

/** Guesses the language of a text among those inside the program; `fallback` when nothing speaks clearly. */
export function guessLanguage(text: string, fallback: string): string {
  const ranked = [...countTelling(text)].sort(([, a], [, b]) => b - a);
  const [first, second] = ranked;
  if (!first || !second || first[1] < 3 || first[1] < second[1] * 1.3) return fallback;
  return first[0];
}
