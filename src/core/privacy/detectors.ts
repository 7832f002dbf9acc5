import { cardLength, ibanLength, nirLength } from "./checkDigits.ts";
import { mayBeName, namePatterns } from "./names.ts";

/** What a personal datum is. */
export type PersonalType =
  | "email"
  | "iban"
  | "credit_card"
  | "us_ssn"
  | "fr_nir"
  | "uk_nino"
  | "bank_account"
  | "identity_document"
  | "date_of_birth"
  | "provider_npi"
  | "license_plate"
  | "phone"
  | "address"
  | "person_name";

/** Finds one type of personal data by its form or by the label before it. */
export interface Detector {
  readonly type: PersonalType;
  readonly severity: "low" | "medium" | "high";
  /** The datum is the group `value`, or the whole match without one. Every repetition is bounded. */
  readonly patterns: readonly RegExp[];
  /** A further check of what was found, such as a check digit: how much of it is the datum, 0 when nothing is. */
  readonly lengthOf?: (value: string) => number;
}

/** Between a label and its value: a colon, an equals sign or a number sign, on one line. */
const colon = String.raw`[ \t]{0,5}(?:number|no\.?|n[°o]\.?|num[ée]ro)?[ \t]{0,5}[:=#][ \t]{0,10}`;
const date = String.raw`(?:\d{1,2}[-/. ]\p{L}{3,9}[-/. ]\d{4}|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{1,2}(?:er)? \p{L}{3,9}\.? \d{4}|\p{L}{3,9}\.? \d{1,2},? \d{4})`;
const streets =
  "Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Way|Place|Pl|Terrace|Square|Sq|Highway|Hwy|Parkway|Close|Crescent|Row|Hill";
const rues =
  "rue|avenue|av\\.|boulevard|bd|chemin|impasse|all[ée]e|place|quai|route|cours|square|passage";

/** In the order in which they claim a place of the text: the surest first. */
export const detectors: readonly Detector[] = [
  {
    type: "email",
    severity: "medium",
    patterns: [
      /(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}._%+-]{1,64} ?(?:\[at\]|\(at\)| @ ) ?[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){0,4}\.\p{L}{2,24}(?![\p{L}\p{N}])/dgiu,
      /(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){0,4}\.\p{L}{2,24}(?![\p{L}\p{N}])/dgu,
    ],
  },
  {
    type: "iban",
    severity: "high",
    patterns: [/(?<!\w)[A-Z]{2}\d{2}(?:[\s-]{0,3}[A-Z0-9]){11,30}/dgi],
    lengthOf: ibanLength,
  },
  {
    type: "fr_nir",
    severity: "high",
    patterns: [
      /(?<![\w.,-])[12] ?\d{2} ?(?:0[1-9]|1[0-2]|[2-9]\d) ?(?:\d{2}|2[AB]) ?\d{3} ?\d{3} ?\d{2}(?![\w-]|[.,]\d)/dgi,
    ],
    lengthOf: nirLength,
  },
  {
    // Behind its label it is one even where a digit was misread and the key is wrong.
    type: "fr_nir",
    severity: "high",
    patterns: [
      /(?<![\p{L}])(?:s[ée]curit[ée] sociale|NIR|INSEE)[ \t]{0,5}(?:n[°o]\.?)?[ \t]{0,5}[:=]?[ \t]{0,5}(?<value>[12](?: ?[\dAB]){12}(?: ?\d{2})?)(?!\d)/dgiu,
    ],
  },
  {
    type: "uk_nino",
    severity: "high",
    patterns: [
      /\b(?:NI(?:NO)?|national insurance)(?: number| no\.?)?[ \t]{0,5}[:=#]?[ \t]{0,5}(?<value>[A-Z]{2}(?: ?\d{2}){3} ?[A-D])(?!\w)/dgi,
    ],
  },
  {
    type: "credit_card",
    severity: "high",
    patterns: [
      /(?<![\w.,-])[2-6]\d{3}(?:[ -]{0,2}\d){9,15}(?![\w-]|[.,]\d)/dg,
      /(?<![\w.,-])[2-6]\d{3}(?:\.\d{4}){3}(?![\w-]|[.,]\d)/dg,
    ],
    lengthOf: cardLength,
  },
  {
    type: "us_ssn",
    severity: "high",
    patterns: [
      /(?<![\w-])(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-])/dg,
      /\b(?:ssn|social security(?: number| no\.?)?)[ \t]{0,5}[:=#]?[ \t]{0,5}(?<value>\d{3}[ -]?\d{2}[ -]?\d{4})(?!\d)/dgi,
    ],
  },
  {
    type: "bank_account",
    severity: "high",
    patterns: [
      new RegExp(
        String.raw`(?<![\p{L}])(?:bank account|account|routing|sort code|compte(?: bancaire)?|RIB)${colon}(?<value>\d(?:[ -]?[A-Z\d]){5,26})(?![\p{L}\p{N}])`,
        "dgiu",
      ),
    ],
  },
  {
    type: "identity_document",
    severity: "high",
    patterns: [
      new RegExp(
        String.raw`(?<![\p{L}])(?:passport|driver'?s?'? licen[sc]e|driving licen[sc]e|identity card|passeport|permis de conduire|carte (?:nationale )?d'identit[ée])${colon}(?<value>[A-Z\d](?:[ -]?[A-Z\d]){5,19})(?![\p{L}\p{N}])`,
        "dgiu",
      ),
    ],
    lengthOf: (value) => (/\d/.test(value) ? value.length : 0),
  },
  {
    type: "date_of_birth",
    severity: "medium",
    patterns: [
      new RegExp(
        String.raw`(?<![\p{L}])(?:date of birth|birth ?date|d\.?o\.?b\.?|born(?: on)?|n[ée](?:e|\(e\))? le|date de naissance)[ \t]{0,5}[:=]?\s{0,10}(?<value>${date})`,
        "dgiu",
      ),
    ],
  },
  {
    type: "provider_npi",
    severity: "low",
    patterns: [/\bNPI(?: number| no\.?| #)?[ \t]{0,5}[:=#]?\s{0,5}(?<value>\d{10})(?!\d)/dgi],
  },
  {
    type: "license_plate",
    severity: "low",
    patterns: [
      new RegExp(
        String.raw`\b(?:licen[sc]e plate|plate|registration plate|number plate|immatriculation|plaque(?: d'immatriculation)?)${colon}(?<value>[A-Z0-9](?:[ -]?[A-Z0-9]){3,9})(?![\p{L}\p{N}])`,
        "dgiu",
      ),
      // In a form of two columns, without a colon: the rest of the line.
      /^[ \t]{0,20}(?:licen[sc]e plate|registration plate|number plate|immatriculation)[ \t]{1,40}(?<value>[A-Z0-9](?:[ -]?[A-Z0-9]){3,9})[ \t]{0,9}$/dgimu,
      /(?<![\w-])[A-HJ-NP-TV-Z]{2}-\d{3}-[A-HJ-NP-TV-Z]{2}(?![\w-])/dg,
    ],
    lengthOf: (value) => (/\d/.test(value) ? value.length : 0),
  },
  {
    type: "phone",
    severity: "medium",
    patterns: [
      new RegExp(
        String.raw`(?<![\p{L}])(?:phone|telephone|tel\.?|mobile|cell|fax|portable|t[ée]l[ée]phone|t[ée]l\.?)(?:${colon}|[ \t]{1,10}(?:no\.? )?)(?<value>\+?[\d(][\d ().\/-]{5,22}\d)`,
        "dgiu",
      ),
      /(?<![\w.+-])\+\d{1,3}[ .-]?(?:\(\d{1,4}\)[ .-]?)?\d{1,4}(?:[ .-]?\d{2,4}){2,4}(?![\w-])/dg,
      /(?<![\w.-])(?:1[ .-])?(?:\([2-9]\d{2}\) ?|[2-9]\d{2}[.-])\d{3}[.-]\d{4}(?![\w-]|\.\d)/dg,
      /(?<![\w.,-]|\d )[2-9]\d{2} [2-9]\d{2} \d{4}(?![\w-]|[.,]\d| \d)/dg,
      /(?<![\w.,-])0[1-9](?:[ .-]\d{2}){4}(?![\w-]|[ .,-]?\d)/dg,
      // French and British mobile numbers without groups or in two, London and other cities, and the international 00.
      /(?<![\w.,-])(?:0[67]\d{8}|07\d{3} \d{6}|0(?:20|11\d|1\d1) \d{3,4} \d{4})(?![\w-]|[ .,-]?\d)/dg,
      /(?<![\w.,-])00(?:1|3[0-9]|4[0-9])[ .-]?\d{1,2}(?:[ .-]?\d{2,4}){3,5}(?![\w-]|[.,]\d)/dg,
    ],
  },
  {
    type: "address",
    severity: "medium",
    patterns: [
      /^[ \t]{0,20}(?:(?:home|mailing|property|postal|claimant|patient|risk) )?addresse?(?: of (?:the )?(?:insured|claimant|property))?[ \t]{0,5}[:=][ \t]{0,10}(?<value>\S[^\n\t]{3,150}?)(?=[ \t]{3,}|\t|$)/dgim,
      /\bP\.? ?O\.? ?Box \d{1,6}(?!\d)/dgi,
      /^[ \t]{0,20}adresse(?: (?:postale|du bien|du sinistre|de l'assur[ée]))?[ \t]{0,5}[:=][ \t]{0,10}(?<value>\S[^\n\t]{3,150}?)(?=[ \t]{3,}|\t|$)/dgimu,
      new RegExp(
        String.raw`(?<![\w.,-])\d{1,5}[A-Z]?,? (?:[NSEW]\.? )?(?:\p{Lu}[\p{L}'.-]{1,30} ){1,4}(?:${streets})\b\.?(?: [NS][EW]\b)?(?:,? (?:Apt|Apartment|Suite|Unit|#) ?\w{1,6})?(?:,[ \n]{0,3}\p{Lu}[\p{L} .'-]{1,40})?(?:,? [A-Z]{2})?(?: \d{5}(?:-\d{4})?)?`,
        "dgu",
      ),
      new RegExp(
        String.raw`(?<![\w.,-])\d{1,4}(?: bis| ter)?,? (?:${rues}) (?:(?:de la|de l'|du|des|de|d') ?)?\p{Lu}[\p{L}'’-]{1,30}(?: [\p{L}'’-]{1,30}){0,4}(?:,? \d{5} \p{Lu}[\p{L}'’ -]{1,40})?`,
        "dgu",
      ),
    ],
    lengthOf: lengthUnlessEmpty,
  },
  {
    type: "person_name",
    severity: "low",
    patterns: namePatterns,
    lengthOf: (value) => (mayBeName(value) ? lengthUnlessEmpty(value) : 0),
  },
];

/** What forms hold where they have nothing to say. */
const emptyWords =
  /^(?:not applicable|not known|not given|none|n\/a|unknown|see (?:above|below|attached)|same as|as above|self[- ]employed|voir |idem|n[ée]ant|sans objet|inconnue?)/i;

function lengthUnlessEmpty(value: string): number {
  return emptyWords.test(value) ? 0 : value.length;
}
