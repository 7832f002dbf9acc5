import type { Family } from "../documents/typeface.ts";
import { type Condition, conditions, type ScanCondition } from "./conditions.ts";
import { type Kind, kinds } from "./pages.ts";
import type { Language } from "./wording.ts";

/** What is to be made: one file of one or more pages. */
export interface DocumentPlan {
  /** Without its ending; the seed of everything that is drawn. */
  name: string;
  format: "pdf" | "png" | "jpg" | "tif";
  language: Language;
  family: Family;
  /** Of the scans. */
  dpi: number;
  pages: readonly PagePlan[];
}

export interface PagePlan {
  kind: Kind;
  condition: Condition;
}

/** The document whose wall time is compared. */
export const longScan = "long-scan";
/** The document with text layers whose speed is measured. */
export const longText = "long-text";

const kindNames: readonly Kind[] = namesOf(kinds);
const scanConditions: readonly ScanCondition[] = namesOf(conditions);
const languages: readonly Language[] = ["eng", "fra"];
const familyNames: readonly Family[] = ["sans", "serif", "typewriter", "book"];

/** The whole corpus: every kind in every condition and language, and documents of several pages. */
export function planCorpus(): DocumentPlan[] {
  return [...singlePages(), ...severalPages()];
}

function singlePages(): DocumentPlan[] {
  const plans: DocumentPlan[] = [];
  for (const condition of scanConditions) {
    for (const kind of kindNames) {
      for (const language of languages) {
        const index = plans.length;
        plans.push({
          name: `${condition}-${kind}-${language}`,
          format: formatOf(condition, index),
          language,
          family: cycled(familyNames, index + Math.floor(index / familyNames.length)),
          dpi: cycled([200, 300, 200], index),
          pages: [{ kind, condition }],
        });
      }
    }
  }
  return plans;
}

function severalPages(): DocumentPlan[] {
  return [
    several({ name: "text-eng", language: "eng", count: 5, condition: () => "text" }),
    several({ name: "text-fra", language: "fra", count: 5, condition: () => "text" }),
    several({ name: "mixed-eng", language: "eng", count: 4, condition: everyOther("clean") }),
    several({ name: "mixed-fra", language: "fra", count: 4, condition: everyOther("skewed") }),
    {
      ...several({ name: "fax", language: "eng", count: 3, condition: () => "noisy" }),
      format: "tif",
    },
    {
      ...several({ name: longScan, language: "eng", count: 20, condition: () => "clean" }),
      dpi: 300,
    },
    several({ name: longText, language: "eng", count: 50, condition: () => "text" }),
  ];
}

interface SeveralPages {
  name: string;
  language: Language;
  count: number;
  condition(index: number): Condition;
}

function several({ name, language, count, condition }: SeveralPages): DocumentPlan {
  const pages = Array.from({ length: count }, (_, index): PagePlan => {
    return { kind: cycled(kindNames, index), condition: condition(index) };
  });
  return { name, format: "pdf", language, family: "serif", dpi: 200, pages };
}

/** Text layers and scans in turn. */
function everyOther(condition: ScanCondition): (index: number) => Condition {
  return (index) => (index % 2 === 0 ? "text" : condition);
}

/** Losses of JPEG are a condition of their own; noise as PNG would be large. */
function formatOf(condition: ScanCondition, index: number): DocumentPlan["format"] {
  if (condition === "jpeg") return cycled(["jpg", "pdf"], index);
  if (condition === "noisy") return cycled(["pdf", "jpg"], index);
  return cycled(["pdf", "png", "jpg"], index + Math.floor(index / 3));
}

function cycled<Item>(items: readonly Item[], index: number): Item {
  const item = items[index % items.length];
  if (item === undefined) throw new Error("nothing to take in turn");
  return item;
}

function namesOf<Name extends string>(table: Readonly<Record<Name, unknown>>): Name[] {
  // An object literal of ours has the keys of its type and no others.
  return Object.keys(table) as Name[];
}
