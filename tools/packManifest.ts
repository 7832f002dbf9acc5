import { join } from "node:path";
import { Glob } from "bun";
import * as z from "zod";
import { machineOf } from "../src/edge/machine.ts";
import { metaKey } from "../src/edge/manifest.ts";

/** The part of a server's own --manifest that its bundle's manifest is made from. */
export const toldSchema = z.object({
  name: z.string(),
  version: z.string(),
  description: z.string(),
  title: z.string(),
  tools: z.array(z.object({ name: z.string(), description: z.string() })),
  settings: z.array(
    z.object({
      env: z.array(z.string()),
      default: z.string().nullable(),
      required: z.boolean(),
      about: z.string(),
    }),
  ),
});
export type Told = z.output<typeof toldSchema>;
type Setting = Told["settings"][number];

/** Settings of the transports and of the log: the host that runs the bundle speaks stdio and sets neither. */
const commonSetting = /^(MCP_|LOG_LEVEL$|HOST|PORT)/;

/** A kind of permission that a server's settings can ask for. */
type Permission = "net" | "read" | "write";

/** What the end of a variable's name says about its value, and what the server needs for it to be of use. */
const kinds = [
  { suffix: /_URL$/, asks: ["net"] },
  { suffix: /_OUTPUT_DIR$/, asks: ["read", "write"], type: "directory" },
  { suffix: /_(ROOT|DIR|FOLDER)$/, asks: ["read"], type: "directory" },
  // SQLite keeps files beside its own, so that the value is a folder.
  { suffix: /_DB$/, asks: ["read", "write"], type: "directory" },
  { suffix: /_(TOKEN|KEY|SECRET|PASSWORD)$/, sensitive: true },
] as const satisfies readonly {
  suffix: RegExp;
  asks?: readonly Permission[];
  type?: "directory";
  sensitive?: boolean;
}[];

/** The permissions that a server needs for the value of a variable to be of use to it. */
export function permissionsOf(name: string): readonly Permission[] {
  const kind = kinds.find(({ suffix }) => suffix.test(name));
  return kind !== undefined && "asks" in kind ? kind.asks : [];
}

/** The MCPB manifest of one of our own servers. `platform` is named when native files bind the bundle to one. */
export function bundleManifest(
  told: Told,
  entry: string,
  platform?: string,
): Record<string, unknown> {
  const settings = told.settings.flatMap((setting) => {
    const name = setting.env[0];
    return name === undefined || commonSetting.test(name)
      ? []
      : [{ ...setting, name, key: name.toLowerCase() }];
  });
  const entries = settings.map(({ name, key }) => [name, `\${user_config.${key}}`]);
  const options = settings.map(({ name, key, ...setting }) => [key, optionOf(name, setting)]);
  return {
    manifest_version: "0.3",
    name: told.name,
    display_name: told.title,
    version: told.version,
    description: told.description,
    author: { name: "Berth" },
    license: "Apache-2.0",
    server: {
      type: "node",
      entry_point: entry,
      // The bundle uses Bun's own modules, so that Node cannot run it; Berth runs it with the Bun that it is.
      mcp_config: {
        command: "bun",
        args: [`\${__dirname}/${entry}`],
        env: Object.fromEntries(entries),
      },
    },
    tools: told.tools.map(({ name, description }) => ({ name, description })),
    ...(platform !== undefined && { compatibility: { platforms: [platform] } }),
    ...(options.length > 0 && { user_config: Object.fromEntries(options) }),
    _meta: { [metaKey]: { permissions: asksOf(settings) } },
  };
}

function optionOf(name: string, setting: Setting): Record<string, unknown> {
  const kind = kinds.find(({ suffix }) => suffix.test(name));
  return {
    type: kind !== undefined && "type" in kind ? kind.type : "string",
    title: titleOf(name),
    description: `${setting.about}.`,
    required: setting.required,
    // Without a default, desktop hosts hand the server the text "${user_config.…}" itself.
    ...(!setting.required && { default: setting.default ?? "" }),
    ...(kind !== undefined && "sensitive" in kind && { sensitive: true }),
  };
}

/** The service or folder that each setting names, and nothing else. */
function asksOf(settings: readonly { name: string; key: string }[]): Record<string, string[]> {
  const asks: Record<string, string[]> = {};
  for (const { name, key } of settings) {
    for (const kind of permissionsOf(name))
      asks[kind] = [...(asks[kind] ?? []), `\${user_config.${key}}`];
  }
  return asks;
}

/** CUSTOMER_API_BASE_URL → Customer API base URL */
function titleOf(name: string): string {
  const words = name
    .split("_")
    .map((word) => (/^(API|URL|DB|ID|OCR|RAG)$/.test(word) ? word : word.toLowerCase()));
  const title = words.join(" ");
  return title.charAt(0).toUpperCase() + title.slice(1);
}

/** `linux-x64` when a file holds machine code: such a bundle is for one platform and one architecture. */
export function nativePlatform(folder: string): string | undefined {
  const found = [...new Glob("**").scanSync(folder)]
    .map((path) => machineOf(join(folder, path)))
    .filter(Boolean);
  if (new Set(found).size > 1)
    throw new Error(`${folder} holds machine code of several platforms: ${found.join(", ")}`);
  return found[0];
}
