/** The highest amount that is taken, in cents; beyond it doubles lose cents. */
const amountLimitCents = 1e14;

/** Signs and names of currencies that documents print beside ISO 4217 codes. */
const currencySigns: Readonly<Record<string, string>> = {
  "€": "EUR",
  $: "USD",
  us$: "USD",
  "£": "GBP",
  euro: "EUR",
  euros: "EUR",
  dollar: "USD",
  dollars: "USD",
};

/** Money as it was read; the currency is undefined when none is printed beside it. */
export interface Money {
  readonly cents: number;
  readonly currency: string | undefined;
}

/**
 * Reads an amount as English and French documents print it: 1,240.00 · 1 240.00 · 1 850,00 EUR · $980 · 1.850,00 €.
 * Undefined for what is not exactly one number, for an ambiguous one such as 1,24, and for more than two decimals.
 */
export function parseAmount(value: string | number): Money | undefined {
  if (typeof value === "number") return money(value, undefined);
  const text = value.normalize("NFKC").trim();
  const match =
    /^(\p{Sc}|US\$|[A-Za-z]{3,7})?\s*([+-]?[\d][\d\s.,'’]*)\s*(\p{Sc}|[A-Za-z]{3,7})?$/u;
  const [, before, digits = "", after] = match.exec(text) ?? [];
  if (before !== undefined && after !== undefined) return undefined;
  const number = parseNumber(digits.trim());
  const mark = before ?? after;
  const currency = mark === undefined ? undefined : currencyOf(mark);
  if (number === undefined || (mark !== undefined && currency === undefined)) return undefined;
  return money(number, currency);
}

/** An ISO 4217 code in upper case, also from a sign or a name; undefined for anything else. */
export function currencyOf(mark: string): string | undefined {
  const text = mark.normalize("NFKC").trim().toLowerCase();
  return currencySigns[text] ?? (/^[a-z]{3}$/.test(text) ? text.toUpperCase() : undefined);
}

/** Units to whole cents; undefined for what is no amount. */
export function toCents(units: number): number | undefined {
  const cents = Math.round(units * 100);
  const isExact = Math.abs(units * 100 - cents) < 1e-4 * Math.max(1, Math.abs(units) / 1e6);
  return isExact && Math.abs(cents) <= amountLimitCents ? cents : undefined;
}

function money(units: number, currency: string | undefined): Money | undefined {
  const cents = toCents(units);
  return cents === undefined ? undefined : { cents, currency };
}

const groupedByPoint = /^[+-]?\d{1,3}(\.\d{3})+(,\d{1,2})?$/;
const groupedByComma = /^[+-]?\d{1,3}(,\d{3})+(\.\d{1,2})?$/;
const groupedBySpace = /^[+-]?\d{1,3}([\s'’]\d{3})+([.,]\d{1,2})?$/;
const plain = /^[+-]?\d+([.,]\d{1,2})?$/;

/** A single group such as 1.240 or 1,240 is a thousand in one language and a fraction in none: amounts have no third decimal. */
function parseNumber(text: string): number | undefined {
  if (plain.test(text)) return Number(text.replace(",", "."));
  if (groupedByComma.test(text)) return Number(text.replaceAll(",", ""));
  if (groupedByPoint.test(text)) return Number(text.replaceAll(".", "").replace(",", "."));
  if (groupedBySpace.test(text)) return Number(text.replace(/[\s'’]/g, "").replace(",", "."));
  return undefined;
}
