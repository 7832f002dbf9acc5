import * as z from "zod";
import { version } from "../core/version.ts";
import type { DocumentedAnswer, Operation } from "./operation.ts";

type Json = Record<string, unknown>;

/** Describes operations as an OpenAPI 3.1 document, from the very schemas that validate them. */
export function describeOperations(
  service: { title: string; about: string },
  operations: readonly Operation[],
): Json {
  const schemas: Json = {};
  const paths: Record<string, Json> = {};
  for (const operation of operations.filter(isDocumented)) {
    const path = operation.path.replace(/:(\w+)/g, "{$1}");
    paths[path] ??= {};
    paths[path][operation.method.toLowerCase()] = describeOperation(operation, schemas);
  }
  return {
    openapi: "3.1.0",
    info: { title: service.title, description: service.about, version },
    tags: [...new Set(operations.filter(isDocumented).map(({ tag }) => tag))].map((name) => ({
      name,
    })),
    paths,
    components: { schemas },
  };
}

function isDocumented({ isInternal, isUndocumented }: Operation): boolean {
  return !isInternal && !isUndocumented;
}

function describeOperation(operation: Operation, schemas: Json): Json {
  const answers = Object.entries(operation.answers);
  return {
    tags: [operation.tag],
    summary: operation.summary,
    ...(operation.description && { description: operation.description }),
    operationId: operationIdOf(operation),
    parameters: [...pathParameters(operation), ...queryParameters(operation, schemas)],
    ...describeBody(operation, schemas),
    responses: Object.fromEntries(
      answers.map(([status, answer]) => [status, describeAnswer(answer, schemas)]),
    ),
  };
}

function describeBody(operation: Operation, schemas: Json): Json {
  const { body, bodyExample, upload, isBodyOptional = false } = operation;
  if (body) {
    const content = jsonContent(body, bodyExample, schemas);
    return { requestBody: { required: !isBodyOptional, content } };
  }
  if (!upload) return {};
  const file = { type: "string", format: "binary", description: upload };
  const schema = { type: "object", properties: { file }, required: ["file"] };
  return { requestBody: { required: true, content: { "multipart/form-data": { schema } } } };
}

/** `postApiFinanceOrdersHistory`: unique, because method and path are. */
function operationIdOf({ method, path }: Operation): string {
  const words = path.split(/\W+/).filter(Boolean);
  const capitalised = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return method.toLowerCase() + capitalised.join("");
}

function pathParameters({ params = {} }: Operation): Json[] {
  return Object.entries(params).map(([name, param]) => {
    const { description, ...form } = typeof param === "string" ? { description: param } : param;
    const schema = { type: "string", ...form };
    return { name, in: "path", required: true, description, schema };
  });
}

function queryParameters({ query }: Operation, schemas: Json): Json[] {
  if (!query) return [];
  const { properties = {} } = describeSchema(query, schemas) as {
    properties?: Record<string, Json>;
  };
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: "query",
    required: false,
    description,
    schema,
  }));
}

function describeAnswer(answer: DocumentedAnswer, schemas: Json): Json {
  const headers = ["X-Request-Id", ...(answer.headers ?? [])].map((name) => [
    name,
    { schema: { type: "string" } },
  ]);
  const text = { schema: { type: "string" } };
  const others = (answer.otherTypes ?? []).map((type) => [type, text]);
  return {
    description: answer.description,
    headers: Object.fromEntries(headers),
    ...(answer.schema && {
      content: {
        ...jsonContent(answer.schema, answer.example, schemas),
        ...Object.fromEntries(others),
      },
    }),
  };
}

function jsonContent(schema: z.ZodType, example: unknown, schemas: Json): Json {
  return { "application/json": { schema: describeSchema(schema, schemas), example } };
}

/** What callers send or get; a schema with an id moves to the document's components, once. */
function describeSchema(schema: z.ZodType, schemas: Json): Json {
  const described = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  // Going through text rewrites the references at every depth.
  const text = JSON.stringify(described).replaceAll('"#/$defs/', '"#/components/schemas/');
  const { $schema: _dialect, $defs = {}, ...rest } = JSON.parse(text);
  Object.assign(schemas, $defs);
  return rest;
}
