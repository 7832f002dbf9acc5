/** One member of a tool's arguments. */
export interface Field {
  name: string;
  kind: "text" | "number" | "json";
  /** The values to choose from; texts, as they are written in JSON where they are none. */
  options: readonly string[] | undefined;
  isRequired: boolean;
  description: string;
  preset: unknown;
}

/** What stands in the controls. */
export type Draft = Readonly<Record<string, string>>;

/** What does not fit in a control. */
export interface Misfit {
  field: string;
  kind: "valueMissing" | "numberExpected" | "jsonExpected";
}

/** The most members and choices that become controls; schemas of strangers have no bound. */
const fieldLimitCount = 100;
const optionLimitCount = 200;

/** The members of an object's schema; whatever is not understood is asked for as JSON. */
export function fieldsOf(schema: unknown): Field[] {
  const { properties, required } = Object(schema);
  const names: unknown[] = Array.isArray(required) ? required : [];
  return Object.entries(Object(properties))
    .slice(0, fieldLimitCount)
    .map(([name, of]) => ({
      name,
      kind: kindOf(of),
      options: optionsOf(of),
      isRequired: names.includes(name),
      description: String(Object(of).description ?? ""),
      preset: Object(of).default,
    }));
}

export function draftOf(fields: readonly Field[]): Draft {
  return Object.fromEntries(
    fields.map(({ name, kind, preset }) => {
      if (preset === undefined) return [name, ""];
      const isPlain = kind === "text" && typeof preset === "string";
      return [name, isPlain ? preset : JSON.stringify(preset)];
    }),
  );
}

/** The arguments that the controls stand for; empty ones are left out. What cannot be read is named. */
export function readDraft(
  fields: readonly Field[],
  draft: Draft,
): { values?: Record<string, unknown>; problem?: Misfit } {
  const values: Record<string, unknown> = {};
  for (const { name, kind, options, isRequired } of fields) {
    const text = draft[name] ?? "";
    if (text === "" && isRequired) return { problem: { field: name, kind: "valueMissing" } };
    if (text === "") continue;
    if (kind === "text") values[name] = text;
    else {
      const read = readJson(kind === "number" && !options ? text.trim().replace(",", ".") : text);
      if (read === undefined || (kind === "number" && typeof read !== "number")) {
        const expected = kind === "number" ? "numberExpected" : "jsonExpected";
        return { problem: { field: name, kind: expected } };
      }
      values[name] = read;
    }
  }
  return { values };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function kindOf(schema: unknown): Field["kind"] {
  const { type, enum: values, const: constant } = variantOf(schema);
  const listed: unknown[] = Array.isArray(values)
    ? values
    : constant === undefined
      ? []
      : [constant];
  if (listed.length > 0) return listed.every((one) => typeof one === "string") ? "text" : "json";
  if (type === "string") return "text";
  return type === "number" || type === "integer" ? "number" : "json";
}

function optionsOf(schema: unknown): string[] | undefined {
  const { enum: values, type } = variantOf(schema);
  if (type === "boolean") return ["true", "false"];
  if (!Array.isArray(values)) return undefined;
  const isText = values.every((one) => typeof one === "string");
  return values.slice(0, optionLimitCount).map((one) => (isText ? one : JSON.stringify(one)));
}

/** The one form of a value that may also be null. */
function variantOf(schema: unknown): Record<string, unknown> {
  const { anyOf, ...rest } = Object(schema);
  if (!Array.isArray(anyOf)) return rest;
  const forms = anyOf.filter((form) => Object(form).type !== "null");
  return forms.length === 1 ? Object(forms[0]) : rest;
}
