import type { SampleClaim } from "./sampleClaim.ts";

const months = {
  eng: "January February March April May June July August September October November December",
  fra: "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
} as const;

/** A date as the language writes it; scans from France carry it in figures. */
export function printDate(iso: string, { language, form }: SampleClaim): string {
  const [year = "", month = "", day = ""] = iso.split("-");
  if (language === "fra" && form !== "text") return `${day}/${month}/${year}`;
  const named = months[language].split(" ")[Number(month) - 1] ?? "";
  return language === "fra"
    ? `${Number(day)} ${named} ${year}`
    : `${named} ${Number(day)}, ${year}`;
}

/** An amount with its currency: `USD 1,240.00`, `1 850,00 EUR`. */
export function printAmount(amount: number, { language, currency }: SampleClaim): string {
  const [whole = "", part = ""] = amount.toFixed(2).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, language === "fra" ? " " : ",");
  return language === "fra" ? `${grouped},${part} ${currency}` : `${currency} ${grouped}.${part}`;
}
