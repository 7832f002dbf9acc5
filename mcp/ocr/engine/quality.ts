import type { PageContent } from "./pdf.ts";
import type { LayerCharacter } from "./text-layer.ts";

/** What speaks for or against a text layer. */
export type LayerVerdict = "good" | "none" | "rubbish" | "picture";

/** Characters that a font cannot name, as a part of all. */
const unknownShare = 0.08;
/** A page that a picture covers and with fewer letters is a scan with a stamp or a footer on it. */
const scanCoverage = 0.5;
const scanLetters = 200;
/** Texts with fewer letters are too short to judge by their letters. */
const judgedLetters = 120;
/** E, T, A, O, I, N, S and R make about six in ten letters of English and French; shifted encodings have far fewer. */
const commonLettersShare = 0.42;
/** Marks of a font whose codes were read as characters: private use, controls and replacement characters. */
const strange = /[\ufffd\ue000-\uf8ff\u0000-\u0008\u000e-\u001f]/;

/** Judges whether a page's text layer says what the page shows. */
export function judgeLayer(
  characters: readonly LayerCharacter[],
  content: PageContent,
): LayerVerdict {
  const visible = characters.filter(({ character }) => /\S/.test(character));
  if (visible.length === 0) return content.objects === 0 ? "good" : "none";
  const unknown = visible.filter(({ character, isKnown }) => !isKnown || strange.test(character));
  if (unknown.length > visible.length * unknownShare) return "rubbish";
  const letters = visible.filter(({ character }) => /\p{L}/u.test(character));
  if (content.coverage > scanCoverage && letters.length < scanLetters) return "picture";
  return looksWritten(letters.map(({ character }) => character)) ? "good" : "rubbish";
}

function looksWritten(letters: readonly string[]): boolean {
  const latin = letters.filter((letter) => /\p{Script=Latin}/u.test(letter));
  if (latin.length < judgedLetters) return true;
  const common = latin.filter((letter) => /[etaoinsr]/i.test(foldAccents(letter)));
  return common.length >= latin.length * commonLettersShare;
}

function foldAccents(letter: string): string {
  return letter.normalize("NFD").charAt(0);
}
