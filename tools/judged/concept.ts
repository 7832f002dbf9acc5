/** The four lines of insurance. */
export type Line = "Auto" | "Home" | "Medical" | "Life";

/**
 * How one language speaks of a concept. Passages are made of names, events and effects, questions of asks; `{object}`
 * stands for the thing or place that is hit. The asks were written as a layman would put it, before any retriever ran
 * on the set, without looking for words that the passages share or lack.
 */
export interface Wording {
  /** What files call it. */
  names: readonly string[];
  /** What happened, as a whole sentence. */
  events: readonly string[];
  /** What came of it, as a whole sentence. */
  effects: readonly string[];
  /** How a person asks for such cases. */
  asks: readonly string[];
}

/** One kind of incident: the meaning that questions ask for and that passages are judged by. */
export interface Concept {
  id: string;
  line: Line;
  /** An ICD-10 code, for medical concepts. */
  icd?: string;
  en: Wording;
  fr: Wording;
}
