import { unanswerable } from "./background.ts";
import type { Concept } from "./concept.ts";
import { objects } from "./names.ts";
import { concepts, objectName, type Passage, type Tongue } from "./passages.ts";
import { createRandom, type Random } from "./random.ts";
import { rules } from "./rules.ts";

/** What a question tests. */
export const questionKinds = [
  "paraphrase",
  "rules",
  "words",
  "typos",
  "codes",
  "unanswerable",
] as const;
export type QuestionKind = (typeof questionKinds)[number];

/** A question with its judgement: 2 for passages that mean just this, 1 for those that mean nearly this. */
export interface Question {
  id: string;
  kind: QuestionKind;
  text: string;
  relevant: ReadonlyMap<string, 1 | 2>;
  /** Held out: never looked at while anything was tuned. */
  isHeldOut: boolean;
}

type Draft = Pick<Question, "kind" | "text" | "relevant">;

/** The questions over `passages`; every second one of a kind is held out. */
export function createQuestions(passages: readonly Passage[]): Question[] {
  const random = createRandom(77);
  const drafts: Draft[] = [
    ...concepts.flatMap((concept) => paraphrases(random, concept, passages)),
    ...rules.flatMap((rule) =>
      (["en", "fr"] as const).flatMap((language) =>
        rule[language].asks.map((text) => ({
          kind: "rules" as const,
          text,
          relevant: judgeRule(passages, rule.id, language),
        })),
      ),
    ),
    ...Array.from({ length: 50 }, () => plainWords(random, passages)),
    ...Array.from({ length: 60 }, () => misspelled(random, passages)),
    ...codeQuestions(random, passages),
    ...unanswerable.map((text) => ({ kind: "unanswerable" as const, text, relevant: new Map() })),
  ];
  const counts = new Map<QuestionKind, number>();
  return drafts.map((draft) => {
    const count = (counts.get(draft.kind) ?? 0) + 1;
    counts.set(draft.kind, count);
    const id = `${draft.kind}-${String(count).padStart(3, "0")}`;
    return { ...draft, id, isHeldOut: count % 2 === 0 };
  });
}

function paraphrases(random: Random, concept: Concept, passages: readonly Passage[]): Draft[] {
  return (["en", "fr"] as const).flatMap((language) =>
    concept[language].asks.map((ask) => {
      const object = random.below(objects[concept.line][language].length);
      const asked = ask.includes("{object}") ? object : undefined;
      return {
        kind: "paraphrase" as const,
        text: ask.replace("{object}", objectName(concept, language, object)),
        relevant: judgeConcept(passages, { concept: concept.id, object: asked, language }),
      };
    }),
  );
}

interface Asked {
  concept: string;
  object: number | undefined;
  language: Tongue;
}

/**
 * Same incident and same object in the language of the question: 2. Same incident, another object: 1, or
 * none as in an article or a contract's clause: 1. The other language: 1 when the object is the same or none was asked for.
 */
function judgeConcept(passages: readonly Passage[], asked: Asked): Map<string, 1 | 2> {
  const relevant = new Map<string, 1 | 2>();
  for (const { id, language, meaning } of passages) {
    if (meaning.concept !== asked.concept) continue;
    const isSameObject = asked.object === undefined || meaning.object === asked.object;
    if (language === asked.language) relevant.set(id, isSameObject ? 2 : 1);
    else if (isSameObject) relevant.set(id, 1);
  }
  return relevant;
}

function judgeRule(passages: readonly Passage[], rule: string, asked: Tongue): Map<string, 1 | 2> {
  const same = passages.filter(({ meaning }) => meaning.rule === rule);
  return new Map(same.map(({ id, language }) => [id, language === asked ? 2 : 1]));
}

/** The words of the files themselves: a name of the incident and its object. */
function plainWords(random: Random, passages: readonly Passage[]): Draft {
  const concept = random.pick(concepts);
  const language = random.pick(["en", "fr"] as const);
  const object = random.below(objects[concept.line][language].length);
  const name = random.pick(concept[language].names);
  return {
    kind: "words",
    text: `${name} ${objectName(concept, language, object)}`,
    relevant: judgeConcept(passages, { concept: concept.id, object, language }),
  };
}

/** The same with one slip in each word of five letters and more. */
function misspelled(random: Random, passages: readonly Passage[]): Draft {
  const plain = plainWords(random, passages);
  const text = plain.text.replace(/\p{L}{5,}/gu, (word) => misspell(random, word));
  return { ...plain, kind: "typos", text };
}

/** One slip of the fingers after the first letter: two letters swapped, one dropped, doubled or hit beside. */
function misspell(random: Random, word: string): string {
  const at = 1 + random.below(word.length - 2);
  const [before, letter, after] = [word.slice(0, at), word.charAt(at), word.slice(at + 1)];
  const slips = [
    `${before}${after.charAt(0)}${letter}${after.slice(1)}`,
    `${before}${after}`,
    `${before}${letter}${letter}${after}`,
    `${before}${random.pick([..."aeinorst"])}${after}`,
  ];
  return random.pick(slips);
}

/** Ways in which people type a code. */
const codeForms: readonly ((code: string) => string)[] = [
  (code) => code,
  (code) => code.toLowerCase(),
  (code) => code.replaceAll("-", " "),
  (code) => `what do we know of ${code}`,
  (code) => `dossier ${code} svp`,
];

function codeQuestions(random: Random, passages: readonly Passage[]): Draft[] {
  const icd = concepts.flatMap((concept) => concept.icd ?? []);
  const all = [...new Set(passages.flatMap(({ meaning }) => meaning.codes))];
  const numbered = Array.from({ length: 52 }, () =>
    random.pick(all.filter((code) => !icd.includes(code))),
  );
  return [...numbered, ...icd].map((code, at) => ({
    kind: "codes",
    text: (codeForms[at % codeForms.length] ?? String)(code),
    relevant: new Map(
      passages
        .filter(({ meaning }) => meaning.codes.includes(code))
        // A contract's own sheet is what its number asks for; the claims that print it come next.
        .map(({ id, title }) => [id, !code.startsWith("CNT-") || title === code ? 2 : 1]),
    ),
  }));
}
