import type { Random } from "../documents/random.ts";
import { type Language, wordings } from "./wording.ts";

const months = {
  eng: "January February March April May June July August September October November December",
  fra: "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
} as const satisfies Record<Language, string>;

/** Draws what documents state, printed as the language prints it. */
export interface Facts {
  random: Random;
  language: Language;
}

/** A date of 2024 or 2025 in one of the ways in which people of the language write it. */
export function drawDate({ random, language }: Facts): string {
  const year = random.pick(["2024", "2025"]);
  const month = random.whole(1, 12);
  const day = random.whole(1, 28);
  const named = months[language].split(" ")[month - 1] ?? "";
  const two = (value: number) => `${value}`.padStart(2, "0");
  if (language === "fra") {
    return random.pick([`${two(day)}/${two(month)}/${year}`, `${day} ${named} ${year}`]);
  }
  return random.pick([
    `${year}-${two(month)}-${two(day)}`,
    `${named} ${day}, ${year}`,
    `${day} ${named} ${year}`,
  ]);
}

/** A sum in whole cents. */
export function drawCents(random: Random, least: number, most: number): number {
  return random.whole(least * 100, most * 100);
}

/** 124000 cents as `1,240.00` or `1 240,00`. */
export function printCents(cents: number, language: Language): string {
  const whole = `${Math.floor(cents / 100)}`;
  const part = `${cents % 100}`.padStart(2, "0");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, language === "fra" ? " " : ",");
  return language === "fra" ? `${grouped},${part}` : `${grouped}.${part}`;
}

/** The sum with its currency. */
export function printMoney(cents: number, language: Language): string {
  const sum = printCents(cents, language);
  return language === "fra" ? `${sum} €` : `$${sum}`;
}

/** Capital letters and digits as reference numbers have them. */
export function drawNumber(random: Random, form: string): string {
  return form.replace(/#/g, () => `${random.whole(0, 9)}`);
}

/** A house with its street and town. */
export function drawAddress({ random, language }: Facts): string {
  const { streets, towns } = wordings[language];
  const house = random.whole(1, 199);
  const town = `${drawNumber(random, "#####")} ${random.pick(towns)}`;
  return `${house} ${random.pick(streets)}, ${town}`;
}

/** Some sentences with every blank filled in. */
export function drawParagraph(facts: Facts, sentenceCount: number): string {
  const { random, language } = facts;
  const wording = wordings[language];
  const fill: Record<string, () => string> = {
    name: () => random.pick(wording.people),
    date: () => drawDate(facts),
    amount: () => printMoney(drawCents(random, 80, 9000), language),
    company: () => random.pick(wording.companies),
    town: () => random.pick(wording.towns),
    number: () => drawNumber(random, "PR-2025-####"),
  };
  const drawn = Array.from({ length: sentenceCount }, () => random.pick(wording.sentences));
  return drawn.join(" ").replace(/\{(\w+)\}/g, (_, key: string) => fill[key]?.() ?? "");
}
