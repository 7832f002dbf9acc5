/** Left, top, right, bottom in the unit of the page. */
export type Box = readonly [number, number, number, number];

/** A key field with the place where it was found. */
export interface FoundField {
  name: string;
  value: string;
  confidence: number;
  page: number;
  box: Box | undefined;
  issues: readonly string[];
}

/** A page with its words, as the document reader gives them. */
export interface ReadPage {
  page: number;
  width: number;
  height: number;
  words: readonly { text: string; box: Box }[];
}

/** Where the words of a claim's document are, below the claim's address. */
export const wordsPath = "/document/words";

/** The fields in a result of ocr_document, in the order of the document; what has another form is left out. */
export function fieldsOf(reading: Readonly<Record<string, unknown>> | undefined): FoundField[] {
  const fields = Object.entries(Object(reading?.fields)).map(([name, found]) => {
    const { value, confidence, page, box, issues } = Object(found);
    return {
      name,
      value: String(value ?? ""),
      confidence: Number(confidence) || 0,
      page: Number(page) || 1,
      box: isBox(box) ? box : undefined,
      issues: Array.isArray(issues) ? issues.map(String) : [],
    };
  });
  return fields.sort((one, other) => one.page - other.page || topOf(one) - topOf(other));
}

function topOf({ box }: FoundField): number {
  return box?.[1] ?? Number.MAX_SAFE_INTEGER;
}

function isBox(value: unknown): value is Box {
  return Array.isArray(value) && value.length === 4 && value.every(Number.isFinite);
}
