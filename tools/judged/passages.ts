import { autoConcepts } from "./auto.ts";
import { offTopic } from "./background.ts";
import { careConcepts } from "./care.ts";
import type { Concept, Line } from "./concept.ts";
import { drivingConcepts } from "./driving.ts";
import { homeConcepts } from "./home.ts";
import { lifeConcepts } from "./life.ts";
import { medicalConcepts } from "./medical.ts";
import { days, givenNames, objects, surnames, towns } from "./names.ts";
import { premisesConcepts } from "./premises.ts";
import { createRandom, type Random } from "./random.ts";
import { rules } from "./rules.ts";

export type Tongue = "en" | "fr";

/** A passage and what it means; questions are judged by the meaning alone, never by its words. */
export interface Passage {
  id: string;
  language: Tongue;
  title: string;
  text: string;
  meaning: {
    concept?: string;
    /** The place of the object in its line's list. */
    object?: number;
    rule?: string;
    /** Codes that it prints, as they are written. */
    codes: readonly string[];
  };
}

export const concepts: readonly Concept[] = [
  ...homeConcepts,
  ...premisesConcepts,
  ...autoConcepts,
  ...drivingConcepts,
  ...medicalConcepts,
  ...careConcepts,
  ...lifeConcepts,
];

const contractCount = 360;
const claimsPerConcept = 38;
const lettersPerConcept = 7;

/** Of the judged set; others make other offices of the same kind. */
const judgedSeed = 20250101;

/** The whole collection: claims, contracts, articles and the mixed rest of an office's files; the same for one seed. */
export function createPassages(seed: number = judgedSeed): Passage[] {
  const random = createRandom(seed);
  const contracts = Array.from({ length: contractCount }, (_, at) => describeContract(random, at));
  const drafts = [
    ...contracts.map((contract) => contractPassage(random, contract)),
    ...concepts.flatMap((concept) => [
      ...repeat(claimsPerConcept, () => claimPassage(random, concept, contracts)),
      ...repeat(lettersPerConcept, () => letterPassage(random, concept)),
      ...(["en", "fr"] as const).flatMap((language) => articles(random, concept, language)),
      glossary(random, concept),
    ]),
    ...rules.flatMap(ruleArticles),
    ...repeat(240, () => officePassage(random)),
  ];
  let claims = 0;
  return drafts.map((draft, at) => {
    const passage = { ...draft, id: `p${String(at + 1).padStart(4, "0")}` };
    return passage.text.includes(claimMark) ? numberClaim(passage, ++claims) : passage;
  });
}

type Draft = Omit<Passage, "id">;
/** Stands where the claim's number goes, which is given last. */
const claimMark = "CLM-#";

function numberClaim(passage: Passage, count: number): Passage {
  const number = `CLM-${2022 + (count % 3)}-${String(count).padStart(4, "0")}`;
  const put = (text: string) => text.replace(claimMark, number);
  const { meaning, title, text } = passage;
  return {
    ...passage,
    title: put(title),
    text: put(text),
    meaning: { ...meaning, codes: [number, ...meaning.codes] },
  };
}

interface Contract {
  number: string;
  holder: string;
  line: Line;
  language: Tongue;
}

const lineNames: Readonly<Record<Tongue, Readonly<Record<Line, string>>>> = {
  en: {
    Auto: "Auto Insurance",
    Home: "Home Insurance",
    Medical: "Health Insurance",
    Life: "Life Insurance",
  },
  fr: {
    Auto: "assurance auto",
    Home: "assurance habitation",
    Medical: "assurance santé",
    Life: "assurance vie",
  },
};
const lines: readonly Line[] = ["Auto", "Home", "Medical", "Life"];

function describeContract(random: Random, at: number): Contract {
  return {
    number: `CNT-${2021 + (at % 4)}-${String(at + 1).padStart(4, "0")}`,
    holder: `${random.pick(givenNames)} ${random.pick(surnames)}`,
    line: random.pick(lines),
    language: pickLanguage(random),
  };
}

function pickLanguage(random: Random): Tongue {
  return random.below(5) < 3 ? "en" : "fr";
}

function contractPassage(random: Random, contract: Contract): Draft {
  const { number, holder, line, language } = contract;
  const town = random.pick(towns);
  const cover = `${random.below(40) + 5} 000`;
  const excluded = random.pick(concepts.filter((concept) => concept.line === line));
  const name = random.pick(excluded[language].names);
  const text =
    language === "en"
      ? `Contract ${number}, ${lineNames.en[line]}. Policyholder ${holder}, ${town}. Cover ${cover} a year, deductible ${100 + random.below(10) * 50}. Not insured by special agreement: ${name}.`
      : `Contrat ${number}, ${lineNames.fr[line]}. Souscripteur ${holder}, ${town}. Capital ${cover} par an, franchise ${100 + random.below(10) * 50}. Non assuré par convention spéciale : ${name}.`;
  return { language, title: number, text, meaning: { concept: excluded.id, codes: [number] } };
}

/** A decided claim: the file's name for it, what happened, what came of it, and the decision. */
function claimPassage(random: Random, concept: Concept, contracts: readonly Contract[]): Draft {
  const language = pickLanguage(random);
  const wording = concept[language];
  const object = random.below(objects[concept.line][language].length);
  const contract = random.pick(contracts.filter(({ line }) => line === concept.line));
  const amount = `${random.below(9000) + 400}.00`;
  const event = random
    .pick(wording.events)
    .replace("{object}", objectName(concept, language, object));
  const effect = random.below(10) < 6 ? ` ${random.pick(wording.effects)}` : "";
  const diagnosis = concept.icd
    ? ` ${language === "en" ? "Diagnosis" : "Diagnostic"} ${concept.icd}.`
    : "";
  const isPaid = random.below(3) > 0;
  const verdict =
    language === "en"
      ? isPaid
        ? `Approved, ${amount} claimed.`
        : `Denied, ${amount} claimed.`
      : isPaid
        ? `Accepté, ${amount} demandés.`
        : `Refusé, ${amount} demandés.`;
  const head = language === "en" ? `Claim ${claimMark}, contract` : `Demande ${claimMark}, contrat`;
  const text = `${head} ${contract.number}: ${random.pick(wording.names)}. ${event}${effect}${diagnosis} ${verdict}`;
  const codes = concept.icd ? [contract.number, concept.icd] : [contract.number];
  return { language, title: claimMark, text, meaning: { concept: concept.id, object, codes } };
}

function letterPassage(random: Random, concept: Concept): Draft {
  const language = pickLanguage(random);
  const wording = concept[language];
  const object = random.below(objects[concept.line][language].length);
  const event = random
    .pick(wording.events)
    .replace("{object}", objectName(concept, language, object));
  const name = `${random.pick(givenNames)} ${random.pick(surnames)}`;
  const town = random.pick(towns);
  const text =
    language === "en"
      ? `Dear Sir or Madam, I write about the ${random.pick(wording.names)} of last week. ${event} ${random.pick(wording.effects)} Yours faithfully, ${name}, ${town}`
      : `Madame, Monsieur, je vous écris au sujet suivant : ${random.pick(wording.names)}. ${event} ${random.pick(wording.effects)} Salutations distinguées, ${name}, ${town}`;
  const title = language === "en" ? `Letter from ${name}` : `Lettre de ${name}`;
  return { language, title, text, meaning: { concept: concept.id, object, codes: [] } };
}

function articles(random: Random, concept: Concept, language: Tongue): Draft[] {
  const { names, effects } = concept[language];
  const [first = "", second = "", third = ""] = shuffle(random, names);
  const texts =
    language === "en"
      ? [
          `Handling a ${first}: ask for photographs or reports and compare with the terms. Also filed as ${second}. ${effects[0]}`,
          `Adjuster's note. A ${third} is checked for cause, date and cover before payment. ${effects[1]}`,
        ]
      : [
          `Traiter : ${first}. Demander photographies ou rapports et comparer avec les conditions. Aussi classé sous ${second}. ${effects[0]}`,
          `Note au gestionnaire. ${third} : vérifier cause, date et garantie avant paiement. ${effects[1]}`,
        ];
  const codes = concept.icd ? [concept.icd] : [];
  return texts.map((text, at) => ({
    language,
    title: at === 0 ? first : third,
    // Every second article of a medical concept prints its code, as a code list does.
    text: at === 0 && concept.icd ? `${text} (${concept.icd})` : text,
    meaning: { concept: concept.id, codes: at === 0 ? codes : [] },
  }));
}

/** An entry of the bilingual list of terms that an office with two languages keeps. */
function glossary(random: Random, concept: Concept): Draft {
  const text = `Glossary / glossaire. English: ${concept.en.names.join(", ")}. Français : ${concept.fr.names.join(", ")}.`;
  const language = pickLanguage(random);
  return { language, title: "Glossary", text, meaning: { concept: concept.id, codes: [] } };
}

function ruleArticles(rule: (typeof rules)[number]): Draft[] {
  return (["en", "fr"] as const).flatMap((language) =>
    rule[language].texts.map((text) => ({
      language,
      title: rule.category,
      text,
      meaning: { rule: rule.id, codes: [] },
    })),
  );
}

function officePassage(random: Random): Draft {
  const language = pickLanguage(random);
  const text = random
    .pick(offTopic[language])
    .replace("{day}", random.pick(days[language]))
    .replace("{number}", String(random.below(90) + 10));
  return { language, title: language === "en" ? "Notice" : "Avis", text, meaning: { codes: [] } };
}

/** The object's name in one language. */
export function objectName(concept: Concept, language: Tongue, object: number): string {
  const name = objects[concept.line][language][object];
  if (name === undefined) throw new Error(`Cannot name object ${object} of ${concept.line}`);
  return name;
}

function repeat<T>(times: number, make: () => T): T[] {
  return Array.from({ length: times }, make);
}

function shuffle<T>(random: Random, items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, at: random.below(1e9) }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
