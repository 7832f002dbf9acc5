import type { Language } from "../language.ts";

/** An amount in units with its currency; a dash for none. */
export function printMoney(
  amount: number | null,
  currency: string | null,
  language: Language,
): string {
  if (amount === null) return "–";
  const digits = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  return `${amount.toLocaleString(language, digits)} ${currency ?? ""}`.trim();
}

/** A share from 0 to 1 in percent; a dash for none. */
export function printShare(share: number | null, language: Language): string {
  if (share === null) return "–";
  return share.toLocaleString(language, { style: "percent", maximumFractionDigits: 0 });
}

/** A day as YYYY-MM-DD, or an instant in ISO 8601, in UTC as the rules count days; other texts as they are. */
export function printDay(text: string, language: Language): string {
  const [, day, time] = /^(\d{4}-\d{2}-\d{2})(T[\d:.]+(?:Z|[+-]\d{2}:?\d{2}))?$/.exec(text) ?? [];
  const instant = Date.parse(time === undefined ? (day ?? "") : text);
  // 30 February is read as 2 March, which nobody has written.
  if (Number.isNaN(instant) || !isOfCalendar(day ?? "")) return text;
  const form = { dateStyle: "medium", timeZone: "UTC" } as const;
  if (time === undefined) return new Date(instant).toLocaleDateString(language, form);
  return `${new Date(instant).toLocaleString(language, { ...form, timeStyle: "short" })} UTC`;
}

function isOfCalendar(day: string): boolean {
  const instant = Date.parse(day);
  return !Number.isNaN(instant) && new Date(instant).toISOString().startsWith(day);
}
