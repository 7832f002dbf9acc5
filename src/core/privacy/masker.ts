import { type Detector, detectors, type PersonalType } from "./detectors.ts";
import { type Folded, fold, foldDisguised, plainly } from "./fold.ts";

/** The most different data that one masker tells apart; further ones share the placeholder with number 0. */
const placeholderLimitCount = 10_000;
/** The most data that one masker looks for by their words, and the shortest of them, in UTF-16 units. */
const knownLimitCount = 100;
const knownLeastLength = 5;
/** The deepest JSON that is walked; what lies deeper is left out. */
const depthLimit = 32;
/** The most findings that are reported for one text; masking goes on beyond them. */
const findingLimitCount = 500;

/** A personal datum in a text; the datum itself is not in it. */
export interface PersonalFinding {
  readonly type: PersonalType;
  readonly severity: "low" | "medium" | "high";
  /** Start and end in the text, in UTF-16 units. */
  readonly span: readonly [number, number];
  /** For example [EMAIL_1]: the same datum has the same placeholder for the masker's life. */
  readonly placeholder: string;
}

export interface Masked {
  readonly text: string;
  readonly findings: readonly PersonalFinding[];
}

/** Members of JSON objects that hold a personal datum as a whole, whatever it looks like. */
const personalMembers: Readonly<Record<string, PersonalType>> = {
  email: "email",
  full_name: "person_name",
  user_name: "person_name",
  document_name: "person_name",
  claimant: "person_name",
  claimant_name: "person_name",
  patient: "person_name",
  patient_name: "person_name",
  insured: "person_name",
  insured_name: "person_name",
  beneficiary: "person_name",
  date_of_birth: "date_of_birth",
  phone: "phone",
  phone_number: "phone",
  address: "address",
  property_address: "address",
  license_plate: "license_plate",
  npi: "provider_npi",
};

/**
 * Replaces personal data by typed placeholders, without any service. One masker belongs to one run: the same datum gets
 * the same placeholder in every text of it, so that a model can still tell persons apart. What stands behind a label once
 * is found again without one.
 *
 * @example
 * const masker = new Masker(["Nora Whitfield"]);
 * masker.mask("Nora Whitfield, nora@example.com").text === "[PERSON_NAME_1], [EMAIL_1]";
 */
export class Masker {
  readonly #known = new Map<string, { type: PersonalType; pattern: RegExp }>();
  readonly #placeholders = new Map<string, string>();
  readonly #counts = new Map<PersonalType, number>();

  /** `names` are known persons' full names; they are found in any case, without accents and in either order. */
  constructor(names: readonly (string | null)[] = []) {
    for (const name of names) if (name !== null) this.#learn("person_name", name);
  }

  /** Learns the personal members of a JSON object, such as the fields of a document, to find them in texts. */
  learnFrom(fields: unknown): void {
    for (const [name, item] of Object.entries(Object(fields))) {
      const type = Object.hasOwn(personalMembers, name) ? personalMembers[name] : undefined;
      const value: unknown = typeof item === "string" ? item : Object(item).value;
      if (type !== undefined && typeof value === "string") this.#learn(type, value);
    }
  }

  /** Masks a text. */
  mask(text: string): Masked {
    const places = this.#findPlaces(text);
    const findings: PersonalFinding[] = [];
    let masked = "";
    let end = 0;
    for (const { start, stop, type, severity } of places) {
      const placeholder = this.#placeholder(type, text.slice(start, stop));
      masked += text.slice(end, start) + placeholder;
      end = stop;
      if (findings.length < findingLimitCount) {
        findings.push({ type, severity, span: [start, stop], placeholder });
      }
    }
    return { text: masked + text.slice(end), findings };
  }

  /** Masks every text in a JSON value; members that are personal by name are masked as a whole. */
  maskJson(value: unknown, depth = 0): unknown {
    if (depth > depthLimit) return null;
    if (typeof value === "string") return this.mask(value).text;
    if (Array.isArray(value)) return value.map((item) => this.maskJson(item, depth + 1));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, this.#maskMember(name, item, depth)]),
    );
  }

  #maskMember(name: string, item: unknown, depth: number): unknown {
    const type = Object.hasOwn(personalMembers, name) ? personalMembers[name] : undefined;
    if (type === undefined) return this.maskJson(item, depth + 1);
    if (typeof item === "string" && item.trim() !== "") return this.#placeholder(type, item);
    // A document's field stands as {value, confidence}.
    const field: { value?: unknown } = Object(item);
    if (typeof field.value !== "string") return this.maskJson(item, depth + 1);
    return { ...field, value: this.#placeholder(type, field.value) };
  }

  /** Forms before known data, because a name may stand inside an address of any kind. */
  #findPlaces(text: string): Place[] {
    const places: Place[] = [];
    const taken = new Uint8Array(text.length);
    const plain = plainly(text);
    const take = (found: readonly Place[]) => {
      for (const place of found) {
        if (taken.subarray(place.start, place.stop).includes(1)) continue;
        taken.fill(1, place.start, place.stop);
        places.push(place);
      }
    };
    take(detectors.flatMap((detector) => placesOf(plain, detector)));
    for (const { type, start, stop } of places) this.#learn(type, text.slice(start, stop));
    take(this.#knownPlaces(text));
    return places.sort((one, other) => one.start - other.start);
  }

  #knownPlaces(text: string): Place[] {
    if (this.#known.size === 0) return [];
    const folded = foldDisguised(text);
    return [...this.#known.values()].flatMap(({ type, pattern }) =>
      [...folded.text.matchAll(pattern)].map((match) => ({
        type,
        severity: severities[type] ?? "low",
        start: folded.origin(match.index),
        stop: folded.origin(match.index + match[0].length),
      })),
    );
  }

  /** A single word may be a word of any text, unless it holds a digit; dates are too common to be found without a label. */
  #learn(type: PersonalType, value: string): void {
    const words = fold(plainly(value).text).match(/[\p{L}\p{N}]+/gu) ?? [];
    const isTelling = words.length > 1 || /\d/.test(value);
    if (!isTelling || value.length < knownLeastLength || type === "date_of_birth") return;
    const key = `${type} ${words.join(" ")}`;
    if (this.#known.has(key) || this.#known.size >= knownLimitCount) return;
    this.#known.set(key, { type, pattern: patternOf(words, type === "person_name") });
  }

  #placeholder(type: PersonalType, value: string): string {
    if (/^\[[A-Z_]+_\d+\]$/.test(value)) return value;
    const words = fold(plainly(value).text).match(/[\p{L}\p{N}]+/gu) ?? [];
    // However its digits are grouped, a number is the same number.
    const key = `${type} ${type === "person_name" ? words.sort().join(" ") : words.join(numbers.has(type) ? "" : " ")}`;
    const known = this.#placeholders.get(key);
    if (known !== undefined) return known;
    const isFull = this.#placeholders.size >= placeholderLimitCount;
    const count = isFull ? 0 : (this.#counts.get(type) ?? 0) + 1;
    const placeholder = `[${type.toUpperCase()}_${count}]`;
    if (isFull) return placeholder;
    this.#counts.set(type, count);
    this.#placeholders.set(key, placeholder);
    return placeholder;
  }
}

const numbers: ReadonlySet<PersonalType> = new Set(["iban", "credit_card", "us_ssn", "phone"]);

interface Place {
  type: PersonalType;
  severity: Detector["severity"];
  start: number;
  stop: number;
}

function placesOf({ text, origin }: Folded, detector: Detector): Place[] {
  const { type, severity, patterns, lengthOf } = detector;
  return patterns.flatMap((pattern) =>
    [...text.matchAll(pattern)].flatMap((match) => {
      const [start, end] = match.indices?.groups?.value ?? match.indices?.[0] ?? [0, 0];
      const value = text.slice(start, end);
      const length = lengthOf?.(value) ?? value.length;
      if (length === 0) return [];
      return [{ type, severity, start: origin(start), stop: origin(start + length) }];
    }),
  );
}

const severities: Readonly<Record<string, Detector["severity"]>> = Object.fromEntries(
  detectors.map(({ type, severity }) => [type, severity]),
);

/** Matches folded words with whatever stands between them; a name's in the orders in which forms print it. */
function patternOf(words: readonly string[], isName: boolean): RegExp {
  const between = String.raw`[\s,.'’()/+-]{0,4}`;
  // Between the words of a name an initial may stand.
  const gap = isName ? String.raw`[\s,.'’-]{1,4}(?:\p{L}[\s.]{1,3})?` : between;
  const rotations = words.map((_, at) => [...words.slice(at), ...words.slice(0, at)]);
  const orders = isName ? [...rotations, [...words].reverse(), ...initialled(words)] : [words];
  const sources = new Set(orders.map((order) => order.join(gap)));
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${[...sources].join("|")})(?![\\p{L}\\p{N}])`, "gu");
}

/** The last name behind the first one's initial. */
function initialled(words: readonly string[]): string[][] {
  const [first = "", last = ""] = [words[0], words.at(-1)];
  return words.length > 1 && last.length > 2 ? [[[...first][0] ?? "", last]] : [];
}
