/** Names under which the four types are known, in lower case; Medical claims fall under Health contracts. */
const synonyms: Readonly<Record<string, string>> = {
  medical: "medical",
  health: "medical",
  "health insurance": "medical",
  "medical insurance": "medical",
  auto: "auto",
  "auto insurance": "auto",
  home: "home",
  "home insurance": "home",
  life: "life",
  "life insurance": "life",
};

/** The one name of a claim's or contract's type, for facets and filters; an unknown one is itself in lower case. */
export function canonicalType(type: string): string {
  const plain = type.trim().toLowerCase().replaceAll(/\s+/g, " ");
  return synonyms[plain] ?? plain;
}
