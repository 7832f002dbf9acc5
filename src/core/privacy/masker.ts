import { type Detector, detectors, type PersonalType } from "./detectors.ts";
import { fold, foldDisguised } from "./fold.ts";

/** The most different data that one masker tells apart; further ones share the placeholder with number 0. */
const placeholderLimitCount = 10_000;
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
 * the same placeholder in every text of it, so that a model can still tell persons apart.
 *
 * @example
 * const masker = new Masker(["Nora Whitfield"]);
 * masker.mask("Nora Whitfield, nora@example.com").text === "[PERSON_NAME_1], [EMAIL_1]";
 */
export class Masker {
  readonly #names: readonly string[];
  readonly #placeholders = new Map<string, string>();
  readonly #counts = new Map<PersonalType, number>();

  /** `names` are known persons' full names; they are found in any case, without accents and in either order. */
  constructor(names: readonly (string | null)[] = []) {
    this.#names = names.flatMap((name) => (name?.trim() ? [name.trim()] : []));
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

  /** Forms before names, because a name may stand inside an address of any kind. */
  #findPlaces(text: string): Place[] {
    const places: Place[] = [];
    const found = detectors.flatMap((detector) => placesOf(text, detector));
    for (const place of [...found, ...this.#knownNames(text)]) {
      const isFree = !places.some(({ start, stop }) => place.start < stop && start < place.stop);
      if (isFree) places.push(place);
    }
    return places.sort((one, other) => one.start - other.start);
  }

  #knownNames(text: string): Place[] {
    if (this.#names.length === 0) return [];
    const folded = foldDisguised(text);
    return this.#names.flatMap((name) => {
      const pattern = namePattern(name);
      if (pattern === undefined) return [];
      return [...folded.text.matchAll(pattern)].map((match) => ({
        type: "person_name" as const,
        severity: "low" as const,
        start: folded.origin(match.index),
        stop: folded.origin(match.index + match[0].length),
      }));
    });
  }

  #placeholder(type: PersonalType, value: string): string {
    if (/^\[[A-Z_]+_\d+\]$/.test(value)) return value;
    const words = fold(value).match(/[\p{L}\p{N}]+/gu) ?? [];
    const key = `${type} ${(type === "person_name" ? words.sort() : words).join(" ")}`;
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

interface Place {
  type: PersonalType;
  severity: Detector["severity"];
  start: number;
  stop: number;
}

function placesOf(text: string, { type, severity, patterns, isValid }: Detector): Place[] {
  return patterns.flatMap((pattern) =>
    [...text.matchAll(pattern)].flatMap((match) => {
      const span = match.indices?.groups?.value ?? match.indices?.[0];
      if (span === undefined || isValid?.(text.slice(...span)) === false) return [];
      return [{ type, severity, start: span[0], stop: span[1] }];
    }),
  );
}

/** Matches a folded full name in the orders in which forms print it; undefined for a single word, which may be any word. */
function namePattern(name: string): RegExp | undefined {
  const words = fold(name).match(/[\p{L}\p{N}]+/gu) ?? [];
  if (words.length < 2) return undefined;
  const between = String.raw`[\s,.'’-]{1,4}`;
  const rotations = words.map((_, at) => [...words.slice(at), ...words.slice(0, at)]);
  const orders = [...rotations, [...words].reverse()];
  const sources = new Set(orders.map((order) => order.join(between)));
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${[...sources].join("|")})(?![\\p{L}\\p{N}])`, "gu");
}
