/** Letters that Unicode does not decompose, and letters of other scripts that pass for Latin ones. */
const foldedLetters: Readonly<Record<string, string>> = {
  ø: "o",
  ł: "l",
  æ: "ae",
  œ: "oe",
  ß: "ss",
  đ: "d",
  ð: "d",
  þ: "th",
  ı: "i",
};

/** Cyrillic and Greek letters that look like Latin ones; only for texts that somebody may have disguised. */
const lookAlikes: Readonly<Record<string, string>> = {
  а: "a",
  е: "e",
  о: "o",
  р: "p",
  с: "c",
  у: "y",
  х: "x",
  і: "i",
  ѕ: "s",
  ј: "j",
  ԁ: "d",
  α: "a",
  ε: "e",
  ι: "i",
  ν: "v",
  ο: "o",
  ρ: "p",
  τ: "t",
};

/** Lower case without accents, for comparing words of several languages. */
export function fold(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()
    .replace(/[øłæœßđðþı]/g, (letter) => foldedLetters[letter] ?? letter);
}

/** A folded text whose places lead back to the original. */
export interface Folded {
  readonly text: string;
  /** The place in the original, in UTF-16 units, of the folded text's unit at `index`; its length for the end. */
  origin(index: number): number;
}

/**
 * Folds a text of unknown origin: also without invisible characters and without letters of other scripts that pass for
 * Latin ones.
 */
export function foldDisguised(text: string): Folded {
  return foldBy(text, foldCharacter);
}

/**
 * A text as a plain typewriter would have written it, letters and their case kept: every blank a blank, every dash a
 * hyphen, full-width forms narrow, invisible characters gone. French writers group numbers by blanks that do not break.
 */
export function plainly(text: string): Folded {
  if (/^[\t\n\r -~]*$/.test(text)) return { text, origin: (index) => Math.min(index, text.length) };
  return foldBy(text, plainCharacter);
}

function plainCharacter(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x80) return character;
  if (/\p{Cf}/u.test(character)) return "";
  if (/\p{Zs}/u.test(character)) return " ";
  if (/[‐‑‒–—−]/.test(character)) return "-";
  if (/[’ʼ]/.test(character)) return "'";
  const isWide = code >= 0xff01 && code <= 0xff5e;
  return isWide || /\p{Nd}/u.test(character) ? character.normalize("NFKC") : character;
}

function foldBy(text: string, foldCharacter: (character: string) => string): Folded {
  const origins: number[] = [];
  const parts: string[] = [];
  let at = 0;
  for (const character of text) {
    const folded = foldCharacter(character);
    for (let unit = 0; unit < folded.length; unit++) origins.push(at);
    parts.push(folded);
    at += character.length;
  }
  return { text: parts.join(""), origin: (index) => origins[index] ?? text.length };
}

function foldCharacter(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x80) return code >= 0x41 && code <= 0x5a ? character.toLowerCase() : character;
  if (/[\p{Cf}\p{M}]/u.test(character)) return "";
  const folded = fold(character);
  return lookAlikes[folded] ?? folded;
}
