/** Kubernetes' own types, as its API server publishes them, in the form in which a kind of an operator embeds them. */

export type Schema = Readonly<Record<string, unknown>>;

/** Where the API server publishes the types that the kinds embed. */
const groups = ["/openapi/v3/api/v1", "/openapi/v3/apis/networking.k8s.io/v1"];

const quantity = {
  anyOf: [{ type: "integer" }, { type: "string" }],
  "x-kubernetes-int-or-string": true,
  pattern:
    "^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$",
};
const { pattern: _, ...intOrString } = quantity;

/** The types that operators write by a word, and those whose published form is not the one that they embed. */
export const plainTypes: Readonly<Record<string, Schema>> = {
  string: { type: "string" },
  boolean: { type: "boolean" },
  integer: { type: "integer" },
  int32: { type: "integer", format: "int32" },
  int64: { type: "integer", format: "int64" },
  time: { type: "string", format: "date-time" },
  any: { "x-kubernetes-preserve-unknown-fields": true },
  quantity,
  intOrString,
};

const embedded: Readonly<Record<string, Schema>> = {
  "io.k8s.apimachinery.pkg.api.resource.Quantity": quantity,
  "io.k8s.apimachinery.pkg.util.intstr.IntOrString": intOrString,
  "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta": { type: "object" },
};

/** What of a published schema an embedded one keeps: no words of values, which only the API server itself checks. */
const kept = new Set([
  ...["type", "format", "required", "x-kubernetes-map-type"],
  ...["x-kubernetes-list-type", "x-kubernetes-list-map-keys"],
]);

/** Types around a reference to an object, whose mark they have inherited; Kubernetes publishes them without it. */
const atomic = new Set(
  ["ConfigMapEnvSource", "SecretEnvSource", "ConfigMapVolumeSource"]
    .concat("ConfigMapProjection", "SecretProjection")
    .map((name) => `io.k8s.api.core.v1.${name}`),
);

/** Members of Kubernetes' types that are newer than the Kubernetes with which an operator is built, by the type. */
export type Newer = Readonly<Record<string, readonly string[]>>;

/** Draws the schema of a type that is named as in `core.v1.EnvVar`. */
export type KubernetesTypes = (name: string, newer?: Newer) => Schema;

interface Published {
  schemas: Readonly<Record<string, Schema>>;
  newer: Newer;
}

/**
 * Reads the types from an API server.
 * @param get answers with the text at a path of the API server.
 */
export async function readKubernetesTypes(
  get: (path: string) => Promise<string>,
): Promise<KubernetesTypes> {
  const schemas: Record<string, Schema> = {};
  for (const group of groups) {
    // As every API server answers there.
    const { components } = JSON.parse(await get(group)) as {
      components: { schemas: Record<string, Schema> };
    };
    Object.assign(schemas, components.schemas);
  }
  return (name, newer = {}) => embedType(`io.k8s.api.${name}`, { schemas, newer });
}

function embedType(name: string, published: Published): Schema {
  const schema = embedded[name] ?? published.schemas[name];
  if (schema === undefined) throw new Error(`Kubernetes has no type ${name}`);
  if (name in embedded) return schema;
  const without = published.newer[name.replace("io.k8s.api.", "")] ?? [];
  const properties = Object.entries((schema.properties ?? {}) as Record<string, Schema>);
  const own = Object.fromEntries(properties.filter(([key]) => !without.includes(key)));
  return {
    ...embedSchema({ ...schema, ...(properties.length > 0 && { properties: own }) }, published),
    ...(atomic.has(name) && { "x-kubernetes-map-type": "atomic" }),
  };
}

function embedSchema(schema: Schema, published: Published): Schema {
  // The parts of a published schema; a reference stands alone, or as the only one of allOf.
  const { $ref, allOf, properties, items, additionalProperties, required } = schema as {
    $ref?: string;
    allOf?: { $ref: string }[];
    properties?: Record<string, Schema>;
    items?: Schema;
    additionalProperties?: Schema;
    required?: string[];
  };
  const reference = $ref ?? allOf?.[0]?.$ref;
  if (reference !== undefined) return embedType(reference.split("/").at(-1) ?? "", published);
  const inner = (each: Schema) => embedSchema(each, published);
  const member = ([key, each]: [string, Schema]) => [
    key,
    { ...inner(each), ...(required?.includes(key) ? {} : defaultOf(each)) },
  ];
  return {
    ...Object.fromEntries(Object.entries(schema).filter(([key]) => kept.has(key))),
    ...(properties && { properties: Object.fromEntries(Object.entries(properties).map(member)) }),
    ...(items && { items: inner(items) }),
    ...(additionalProperties && { additionalProperties: inner(additionalProperties) }),
  };
}

/** The default of an optional member; an empty object, and that of an enumeration, the API server alone knows. */
function defaultOf({ default: value, enum: words }: Schema): Schema {
  return value === undefined || typeof value === "object" || words !== undefined
    ? {}
    : { default: value };
}
