import type { Tool } from "@modelcontextprotocol/sdk/types.js";

export const noArguments: Tool["inputSchema"] = { type: "object", additionalProperties: false };

/** A schema with one text argument. */
export function textSchema(name: string, more: object = {}): Tool["inputSchema"] {
  return { type: "object", properties: { [name]: { type: "string", ...more } }, required: [name] };
}

/** Every keyword of JSON Schema 2020-12 that must survive the way to the client. */
export const json2020Schema: Tool["inputSchema"] = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  type: "object",
  $defs: {
    address: {
      $anchor: "addressDef",
      type: "object",
      properties: { street: { type: "string" }, city: { type: "string" } },
    },
  },
  properties: {
    name: { type: "string" },
    address: { $ref: "#/$defs/address" },
    contactMethod: { type: "string", enum: ["phone", "email"] },
    phone: { type: "string" },
    email: { type: "string" },
  },
  allOf: [{ anyOf: [{ required: ["phone"] }, { required: ["email"] }] }],
  if: { properties: { contactMethod: { const: "phone" } }, required: ["contactMethod"] },
  // biome-ignore lint/suspicious/noThenProperty: it is a keyword of JSON Schema.
  then: { required: ["phone"] },
  else: { required: ["email"] },
  additionalProperties: false,
};

const titled = (label: string): object[] =>
  ["value1", "value2", "value3"].map((value, index) => ({
    const: value,
    title: `${label} ${index + 1}`,
  }));

/** The five forms of an enumeration (SEP-1330). */
export const enumForm = {
  type: "object",
  properties: {
    untitledSingle: { type: "string", enum: ["option1", "option2", "option3"] },
    titledSingle: { type: "string", oneOf: titled("Option") },
    legacyEnum: {
      type: "string",
      enum: ["opt1", "opt2", "opt3"],
      enumNames: ["Option One", "Option Two", "Option Three"],
    },
    untitledMulti: {
      type: "array",
      items: { type: "string", enum: ["option1", "option2", "option3"] },
    },
    titledMulti: { type: "array", items: { anyOf: titled("Choice") } },
  },
};

/** A form whose fields all have defaults (SEP-1034). */
export const defaultsForm = {
  type: "object",
  properties: {
    name: { type: "string", default: "John Doe" },
    age: { type: "integer", default: 30 },
    score: { type: "number", default: 95.5 },
    status: { type: "string", enum: ["active", "inactive", "pending"], default: "active" },
    verified: { type: "boolean", default: true },
  },
};

/** A form with one required field. */
export function form(field: string, type = "string"): object {
  return { type: "object", properties: { [field]: { type } }, required: [field] };
}
