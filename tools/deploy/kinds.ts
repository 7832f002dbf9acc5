/** The kinds of the operators: definitions for an API server, drawn from the facts in `crds`. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { YAML } from "bun";
import { type Newer, plainTypes, readKubernetesTypes, type Schema } from "./kubernetesTypes.ts";

/**
 * A schema as the files write it: the name of a type, a list of one schema for a list of such, or a schema in which the
 * words below stand beside those of OpenAPI. A name with a dot is a type of Kubernetes.
 */
type Written = string | readonly [Written] | WrittenSchema;

interface WrittenSchema extends Schema {
  /** Types whose members, required names, rules and bounds it has besides its own. */
  with?: readonly string[];
  properties?: Readonly<Record<string, Written>>;
  items?: Written;
  additionalProperties?: Written;
  /** CEL rules, by the message that says what is wrong. */
  rules?: Readonly<Record<string, string>>;
  /** Members that may be missing, but not empty. */
  notEmpty?: readonly string[];
}

interface KindFile {
  /** None in a file of types alone. */
  kind?: {
    name: string;
    group: string;
    version: string;
    shortNames?: string[];
    selectableFields?: string[];
    /** Members of Kubernetes' types that its operator does not know yet. */
    without?: Newer;
  };
  types?: Readonly<Record<string, Written>>;
  spec: Written;
  status: Written;
}

/**
 * Draws the definitions of all kinds in `crds`.
 * @param get answers with the text at a path of the API server that is to be taught them.
 */
export async function drawKinds(get: (path: string) => Promise<string>): Promise<object[]> {
  const folder = join(import.meta.dir, "crds");
  const files = await Promise.all(
    // Their form is that of `KindFile`; what is not turns up when the API server judges it.
    readdirSync(folder).map(
      async (name) => YAML.parse(await Bun.file(join(folder, name)).text()) as KindFile,
    ),
  );
  const types: Record<string, Written> = { ...plainTypes };
  for (const [name, written] of files.flatMap((file) => Object.entries(file.types ?? {}))) {
    if (name in types) throw new Error(`crds has two types "${name}"`);
    types[name] = written;
  }
  const kubernetes = await readKubernetesTypes(get);
  return files.flatMap((file) => {
    const draw = (written: Written): Schema => drawSchema(written, named);
    const named = (name: string): Schema => {
      if (name.includes(".")) return kubernetes(name, file.kind?.without);
      const found = types[name];
      if (found === undefined) throw new Error(`crds has no type "${name}"`);
      return draw(found);
    };
    return file.kind === undefined ? [] : [drawKind(file.kind, draw(file.spec), draw(file.status))];
  });
}

function drawKind(kind: NonNullable<KindFile["kind"]>, spec: Schema, status: Schema) {
  const { name, group, version, shortNames, selectableFields } = kind;
  const singular = name.toLowerCase();
  const schema = { type: "object", required: ["spec"], properties: { spec, status } };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: {
      name: `${singular}s.${group}`,
      // Asked of every group below k8s.io, whoever defines it.
      annotations: { "api-approved.kubernetes.io": "unapproved, for tests" },
    },
    spec: {
      group,
      scope: "Namespaced",
      names: { kind: name, listKind: `${name}List`, plural: `${singular}s`, singular, shortNames },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          schema: { openAPIV3Schema: schema },
          subresources: { status: {} },
          selectableFields: selectableFields?.map((jsonPath) => ({ jsonPath })),
        },
      ],
    },
  };
}

function drawSchema(written: Written, named: (name: string) => Schema): Schema {
  if (typeof written === "string") return named(written);
  const draw = (each: Written) => drawSchema(each, named);
  if (isList(written)) return { type: "array", items: draw(written[0]) };
  const {
    with: bases = [],
    properties,
    items,
    additionalProperties,
    rules,
    notEmpty,
    ...rest
  } = written;
  const own = {
    ...rest,
    ...typeOf(written),
    ...(properties && { properties: mapValues(properties, draw) }),
    ...(items && { items: draw(items) }),
    ...(additionalProperties && { additionalProperties: draw(additionalProperties) }),
    ...rulesOf(rules, notEmpty),
  };
  return [...bases.map(named), own].reduce(mergeSchemas, {});
}

function isList(written: Written): written is readonly [Written] {
  return Array.isArray(written);
}

/** The type that the members of a schema show, where it is not written out. */
function typeOf({ properties, additionalProperties, items }: WrittenSchema): Schema {
  if (properties !== undefined || additionalProperties !== undefined) return { type: "object" };
  return items === undefined ? {} : { type: "array" };
}

function rulesOf(rules: Readonly<Record<string, string>> = {}, notEmpty: readonly string[] = []) {
  const empty = notEmpty.map((name) => ({
    rule: `!has(self.${name}) || self.${name} != ''`,
    message: `${name} is there, but empty`,
  }));
  const own = Object.entries(rules).map(([message, rule]) => ({ rule, message }));
  const all = [...own, ...empty];
  return all.length === 0 ? {} : { "x-kubernetes-validations": all };
}

/** One schema with what another has besides: members, required names and rules of both, of anything else the other's. */
function mergeSchemas(one: Schema, other: Schema): Schema {
  const merged: Record<string, unknown> = { ...one, ...other };
  for (const key of ["required", "x-kubernetes-validations"]) {
    const all = [one[key] ?? [], other[key] ?? []].flat();
    if (all.length > 0) merged[key] = all;
  }
  if (one.properties !== undefined && other.properties !== undefined) {
    merged.properties = { ...one.properties, ...other.properties };
  }
  return merged;
}

function mapValues<From, To>(
  values: Readonly<Record<string, From>>,
  change: (value: From) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value)]));
}
