/**
 * berth.json: which servers there are, what each may do and who may call them. Every key is known and checked; a part of
 * Berth that needs a new one adds it here, with its unit in the name and one sentence of why.
 */
import * as z from "zod";
import { isEnvironmentEntry } from "./grants.ts";
import { findNetEntry } from "./net-entry.ts";
import { permissionsSchema, type Rule } from "./permissions.ts";
import type { PoolLimits } from "./pool-limits.ts";

/** A text that may come from elsewhere: `${env:NAME}` anywhere in it, or `{"file": "path"}` instead of it. */
const text = z.union([z.string(), z.strictObject({ file: z.string().min(1) })], {
  error: 'expected a text or {"file": "<path>"}',
});
export type ConfigText = z.output<typeof text>;

const isNetEntry = (text: string): boolean => findNetEntry(text) !== undefined;

/** A name in addresses and tool prefixes. */
export const serverName = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, {
  error: "expected a name of lower case letters, digits, - and _",
});
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, { error: "expected a sha256 of 64 hex digits" });
const names = z.array(z.string().min(1).max(128)).max(1000);
const count = z.int().min(0);

/** The bounds of one server's pool; see PoolLimits for what each means. What is absent has its default. */
const limits = z.strictObject({
  childLimitCount: z.int().min(1).max(256).optional(),
  concurrencyCount: z.int().min(1).optional(),
  queueLimitCount: count.optional(),
  queueLimitMs: count.optional(),
  callLimitMs: z.int().min(1).optional(),
  idleLimitMs: count.optional(),
  lifeLimitMs: count.optional(),
  requestLimitCount: count.optional(),
  memoryLimitBytes: count.optional(),
  taskLimitCount: count.optional(),
  tempLimitBytes: z.int().min(1024).optional(),
  startLimitMs: z.int().min(1).optional(),
  drainLimitMs: count.optional(),
  lineLimitBytes: z.int().min(1024).optional(),
} satisfies Record<Exclude<keyof PoolLimits, "policy">, z.ZodType>);

/** Which tools of a server are shown and may be called. `exclude` wins over `allow`; `readOnly` over both. */
const toolFilter = z.strictObject({
  allow: names.optional(),
  exclude: names.optional(),
  readOnly: z.boolean().optional(),
});
export type ToolFilter = z.output<typeof toolFilter>;

/** What the operator grants: nothing is filled in there, so that each entry is known to be one before anything starts. */
const grants = permissionsSchema.superRefine(({ net, env }, context) => {
  const refuse = (kind: string, { allow, deny }: Rule, isEntry: (text: string) => boolean) => {
    const wrong = [...(allow === true ? [] : allow), ...deny].find((entry) => !isEntry(entry));
    const message = `${JSON.stringify(wrong)} is no ${kind === "net" ? "host or host:port" : "name of a variable"}`;
    if (wrong !== undefined) context.addIssue({ code: "custom", path: [kind], message });
  };
  refuse("net", net, isNetEntry);
  refuse("env", env, isEnvironmentEntry);
});

const userValue = z.union([text, z.number(), z.boolean(), z.array(text).max(256)], {
  error: "expected a text, a number, true, false or a list of texts",
});

const serverSchema = z
  .strictObject({
    // The widely used form.
    command: z.string().min(1).optional(),
    args: z.array(text).max(1000).optional(),
    env: z.record(z.string().regex(/^[^=\0]+$/), text).optional(),
    cwd: z.string().min(1).optional(),
    type: z.literal("stdio", { error: 'expected "stdio": Berth starts servers itself' }).optional(),
    disabled: z.boolean().optional(),
    url: z.never({ error: "Berth hosts stdio servers; it forwards to no other one" }).optional(),
    // Berth's own keys.
    /** An installed bundle by its name, or the path of a bundle folder; without it and `command`: the entry's name. */
    bundle: z.string().min(1).optional(),
    /** The digest that the bundle's content has to have. */
    sha256: sha256.optional(),
    /** Values for the bundle's `user_config`. */
    userConfig: z.record(z.string(), userValue).optional(),
    /** What the operator grants; absent grants nothing. */
    permissions: grants.optional(),
    /** One child for all clients, or one for each session. */
    policy: z.enum(["shared", "per_session"]).optional(),
    limits: limits.optional(),
    tools: toolFilter.optional(),
  })
  .refine(({ command, bundle }) => command === undefined || bundle === undefined, {
    path: ["bundle"],
    error: "expected command or bundle, not both",
  })
  .refine(
    ({ command, userConfig, sha256: pin }) => command === undefined || (!userConfig && !pin),
    {
      path: ["command"],
      error: "userConfig and sha256 are for bundles; a command takes args and env",
    },
  );

/** One entry of `mcpServers`. */
export type ServerConfig = z.output<typeof serverSchema>;

/** What a caller may reach; absent lists mean everything. */
const access = {
  servers: z.array(serverName).optional(),
  tools: toolFilter.optional(),
  callsPerMinute: z.int().min(1).optional(),
};
const auth = z.strictObject({
  /** Fixed bearer tokens, each with the name of who holds it. */
  tokens: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        token: text,
        /** May follow the events of its servers, stderr included, as `berth tail` does. */
        tail: z.boolean().optional(),
        ...access,
      }),
    )
    .optional(),
  /** Access tokens (JWT) of an authorization server. */
  oauth: z
    .strictObject({
      issuer: z.url(),
      audience: z.string().min(1),
      /** Where the keys are; absent: found through the issuer's metadata. */
      jwksUrl: z.url().optional(),
      algorithms: z
        .array(z.enum(["RS256", "PS256", "ES256", "EdDSA"]))
        .min(1)
        .optional(),
      requiredScopes: z.array(z.string().min(1)).optional(),
      /** The scope with which a token may follow the events of its servers; absent: none may. */
      tailScope: z.string().min(1).optional(),
      ...access,
    })
    .optional(),
});

export const configSchema = z.strictObject({
  $schema: z.string().optional(),
  /** The folder of installed bundles, from this file's folder. */
  bundles: z.string().min(1).default("bundles"),
  mcpServers: z.record(serverName, serverSchema).default({}),
  /** `enforce` refuses to start what this kernel cannot confine; `best-effort` says what is not confined. */
  mode: z.enum(["enforce", "best-effort"]).default("enforce"),
  /** `host` or `host:port` names that may stand for private addresses, such as services of this cluster. */
  privateHosts: z
    .array(
      z.string().max(259).refine(isNetEntry, { error: "expected host or host:port, no scheme" }),
    )
    .max(256)
    .default([]),
  /** Whether a read that Landlock refuses is logged: each opening of a file passes by the broker then, which takes about 17 us. */
  tellReads: z.boolean().default(true),
  listen: z
    .strictObject({
      host: z.string().min(1).default("127.0.0.1"),
      port: z.int().min(0).max(65535).default(8080),
      /** Host names under which it may be called beside loopback; absent: any, when it listens on more than loopback. */
      allowedHosts: z.array(z.string().min(1)).optional(),
      /** Origins of web pages that may call it, beside pages of the allowed hosts. */
      allowedOrigins: z.array(z.string().min(1)).optional(),
    })
    .prefault({}),
  /** Where every call is recorded, one JSON line each: who, which tool, how it ended; no arguments. */
  audit: z.strictObject({ file: z.string().min(1) }).optional(),
  /** Who may call. */
  auth: auth.prefault({}),
  /** For every server that does not set its own. */
  limits: limits.prefault({}),
  /** Publishers: ed25519 keys of `berth pack --sign`, RSA or EC keys or certificates of `mcpb sign`, in PEM form. */
  trustedKeys: z.array(z.strictObject({ name: z.string().min(1), key: text })).default([]),
  /** Install and serve only what a trusted key has signed. */
  requireSignature: z.boolean().default(false),
});

/** berth.json, checked, with its defaults. */
export type ConfigValues = z.output<typeof configSchema>;
