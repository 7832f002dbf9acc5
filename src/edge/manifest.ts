/** The manifest of an MCPB bundle (https://github.com/modelcontextprotocol/mcpb, MANIFEST.md, version 0.3). */
import * as z from "zod";
import { AppError } from "../core/fault.ts";
import { checkJson, type JsonSource, readJson } from "./json.ts";
import { permissionsSchema } from "./permissions.ts";

/** The one file that makes a folder a bundle. */
export const manifestFile = "manifest.json";

/** A manifest with all its tool texts is some 100 kB. */
export const manifestBytesLimit = 1024 * 1024;

/** Where a manifest says what Berth should know: `_meta["dev.berth"]`. */
export const metaKey = "dev.berth";

/** 0.1 and 0.2 are 0.3 without some optional keys. */
const versions = ["0.1", "0.2", "0.3"] as const;

const command = z.strictObject({
  command: z.string(),
  args: z.array(z.string()).optional(),
  env: z.record(z.string(), z.string()).optional(),
});
const option = z.strictObject({
  type: z.enum(["string", "number", "boolean", "directory", "file"]),
  title: z.string(),
  description: z.string(),
  required: z.boolean().optional(),
  default: z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]).optional(),
  multiple: z.boolean().optional(),
  sensitive: z.boolean().optional(),
  min: z.number().optional(),
  max: z.number().optional(),
});
const named = { name: z.string(), description: z.string().optional() };
const prompt = z.strictObject({
  ...named,
  arguments: z.array(z.string()).optional(),
  text: z.string(),
});
const server = z.strictObject({
  type: z.enum(["node", "python", "binary"]),
  entry_point: z.string().min(1),
  mcp_config: command.extend({
    platform_overrides: z.record(z.string(), command.partial()).optional(),
  }),
});
const author = z.strictObject({
  name: z.string(),
  email: z.email().optional(),
  url: z.url().optional(),
});
const icon = z.strictObject({
  src: z.string(),
  size: z.string().regex(/^\d+x\d+$/),
  theme: z.string().min(1).optional(),
});
const localization = z.strictObject({
  resources: z.string().regex(/\$\{locale\}/i, "expected a ${locale} placeholder"),
  default_locale: z.string().regex(/^[A-Za-z0-9]{2,8}(?:-[A-Za-z0-9]{1,8})*$/),
});
const runtimes = z.strictObject({ python: z.string().optional(), node: z.string().optional() });
const compatibility = z
  .object({
    platforms: z.array(z.enum(["darwin", "win32", "linux"])).optional(),
    runtimes: runtimes.optional(),
  })
  // Any host may be named with the versions of it that will do.
  .catchall(z.string());
const berthMeta = z.strictObject({ permissions: permissionsSchema.optional() });

const manifestSchema = z
  .strictObject({
    $schema: z.string().optional(),
    manifest_version: z.enum(versions).optional(),
    dxt_version: z.enum(versions).optional(),
    name: z.string().min(1).max(128),
    display_name: z.string().optional(),
    version: z
      .string()
      .regex(/^[0-9A-Za-z][0-9A-Za-z.+-]{0,63}$/, "expected a version such as 1.2.3"),
    description: z.string(),
    long_description: z.string().optional(),
    author,
    repository: z.strictObject({ type: z.string(), url: z.url() }).optional(),
    homepage: z.url().optional(),
    documentation: z.url().optional(),
    support: z.url().optional(),
    icon: z.string().optional(),
    icons: z.array(icon).optional(),
    screenshots: z.array(z.string()).optional(),
    localization: localization.optional(),
    server,
    tools: z.array(z.strictObject(named)).optional(),
    tools_generated: z.boolean().optional(),
    prompts: z.array(prompt).optional(),
    prompts_generated: z.boolean().optional(),
    keywords: z.array(z.string()).optional(),
    license: z.string().optional(),
    privacy_policies: z.array(z.url()).optional(),
    compatibility: compatibility.optional(),
    user_config: z.record(z.string().regex(/^[A-Za-z0-9_.-]+$/), option).optional(),
    _meta: z
      .looseObject({ [metaKey]: berthMeta.optional() })
      .catchall(z.record(z.string(), z.unknown()))
      .optional(),
  })
  .refine((manifest) => manifest.manifest_version ?? manifest.dxt_version, {
    path: ["manifest_version"],
    message: 'expected "0.3"',
  });

/** A bundle's manifest, checked. */
export type Manifest = z.output<typeof manifestSchema>;
/** One key of `user_config`. */
export type UserOption = z.output<typeof option>;
/** What starts the server, before variables are filled in. */
export interface CommandTemplate {
  command: string;
  args: readonly string[];
  env: Readonly<Record<string, string>>;
}

/** Reads the text of a manifest; `name` is the file for the messages. */
export function parseManifest(text: string, name: string = manifestFile): Manifest {
  const source: JsonSource = {
    name,
    fault: "invalid_input",
    hint: "Berth reads MCPB manifests up to version 0.3; see MANIFEST.md of modelcontextprotocol/mcpb.",
  };
  if (Buffer.byteLength(text) > manifestBytesLimit) {
    throw new AppError(source.fault, `Cannot read ${JSON.stringify(name)}: it has more than 1 MiB`);
  }
  const value = readJson(text, source);
  refuseNewer(value, source);
  return checkJson(value, manifestSchema, source);
}

/** What a manifest asks for, or undefined when it was not written with Berth in mind and says nothing. */
export function askedPermissions(manifest: Manifest) {
  return manifest._meta?.[metaKey]?.permissions;
}

/** The command for one operating system. An override's args and env take the place of the whole list and map. */
export function commandFor(manifest: Manifest, platform: string): CommandTemplate {
  const { platform_overrides, ...base } = manifest.server.mcp_config;
  const override = platform_overrides?.[platform];
  return {
    command: override?.command || base.command,
    args: override?.args ?? base.args ?? [],
    env: override?.env ?? base.env ?? {},
  };
}

/**
 * The name under which a bundle is installed and reached: lower case, digits, `-` and `_`, at most 64. Manifests of the
 * field also hold titles there ("My Extension").
 */
export function bundleName(manifest: Manifest): string {
  const name = manifest.name
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, "-")
    .replace(/^[-_]+|-+$/g, "")
    .slice(0, 64);
  if (name !== "") return name;
  throw new AppError(
    "invalid_input",
    `Cannot name the bundle ${JSON.stringify(manifest.name)}: no letter or digit in it`,
  );
}

/** The experimental forms get a message of their own: "no known key" would send the reader the wrong way. */
function refuseNewer(value: unknown, source: JsonSource): void {
  if (typeof value !== "object" || value === null) return;
  const version = "manifest_version" in value ? value.manifest_version : undefined;
  const isUv =
    "server" in value &&
    typeof value.server === "object" &&
    value.server !== null &&
    "type" in value.server &&
    value.server.type === "uv";
  if (!isUv && version !== "0.4") return;
  const what = isUv
    ? 'server.type is "uv", which downloads Python packages at start'
    : 'manifest_version is "0.4", an experimental version';
  throw new AppError(source.fault, `Cannot read ${JSON.stringify(source.name)}: ${what}`, {
    hint: 'Ask for a bundle with manifest_version "0.3" and its packages inside (server.type python, node or binary).',
  });
}
