/** The deepest that JSON of an agent is kept; what lies deeper is left out. PostgreSQL and JSON.stringify end far below. */
const depthLimit = 64;
const leftOut = "[left out: nested too deeply]";

/**
 * What PostgreSQL can keep of what an agent reports: models and tools write whatever they like, and a run must not be
 * lost for it. A NUL and half a surrogate pair become U+FFFD, in names of members as well.
 */
export function keepable<Value>(value: Value): Value {
  // Texts stay texts, lists lists and objects objects; only what is too deep becomes a text, and that is data of strangers.
  return keepJson(value, 0) as Value;
}

function keepJson(value: unknown, depth: number): unknown {
  if (typeof value === "string") return keepText(value);
  if (typeof value !== "object" || value === null) return value;
  if (depth >= depthLimit) return leftOut;
  if (Array.isArray(value)) return value.map((item) => keepJson(item, depth + 1));
  const members = Object.entries(value).map(
    ([name, item]) => [keepText(name), keepJson(item, depth + 1)] as const,
  );
  return Object.fromEntries(members);
}

function keepText(text: string): string {
  return text.replaceAll("\0", "\u{FFFD}").toWellFormed();
}
