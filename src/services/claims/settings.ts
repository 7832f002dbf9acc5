import * as z from "zod";
import { portSetting } from "../../core/commonSettings.ts";
import {
  defineSettings,
  list,
  optionalSecret,
  port,
  type SettingValues,
  truth,
  wholeNumber,
} from "../../core/settings.ts";

const text = (flag: string, env: readonly string[], preset: string, about: string) => ({
  flag,
  env,
  parse: z.string(),
  expected: "a text",
  default: preset,
  about,
});
const secret = (flag: string, env: readonly string[], about: string) => ({
  flag,
  env,
  parse: optionalSecret,
  expected: "a secret",
  default: "",
  about,
});
const count = (flag: string, env: readonly string[], preset: number, about: string) => ({
  flag,
  env,
  parse: wholeNumber(1),
  expected: "a whole number of 1 or more",
  default: `${preset}`,
  about,
});
const yesOrNo = (flag: string, env: readonly string[], preset: boolean, about: string) => ({
  flag,
  env,
  parse: truth,
  expected: "true or false",
  default: `${preset}`,
  about,
});

/** Origins as a list, or as the JSON array that older deployments have. */
const origins: z.ZodType<readonly string[], string> = z
  .string()
  .transform((value) => value.replace(/[[\]"]/g, ""))
  .pipe(list);

/** Where the service listens, where its database is and who may call it. */
const serving = defineSettings({
  port: portSetting(["API_PORT", "PORT"], 8000),
  host: text("host", ["API_HOST", "HOST"], "127.0.0.1", "The address to listen on"),
  databaseUrl: text(
    "database-url",
    ["DATABASE_URL"],
    "",
    "The service's own database; without it the POSTGRES_ parts count",
  ),
  postgresHost: text("postgres-host", ["POSTGRES_HOST"], "localhost", "The database's host"),
  postgresPort: {
    flag: "postgres-port",
    env: ["POSTGRES_PORT"],
    parse: port,
    expected: "a port from 0 to 65535",
    default: "5432",
    about: "The database's port",
  },
  postgresDatabase: text(
    "postgres-database",
    ["POSTGRES_DATABASE"],
    "claims_db",
    "The database's name",
  ),
  databaseUsername: text(
    "database-username",
    ["POSTGRES_USER"],
    "",
    "Wins over the user in the URL; postgres when neither names one",
  ),
  databasePassword: secret(
    "database-password",
    ["POSTGRES_PASSWORD"],
    "Wins over the password in the URL",
  ),
  poolSize: count(
    "pool-size",
    ["DATABASE_POOL_SIZE"],
    10,
    "The most database connections for queries; the queue and the notifications have five more",
  ),
  seed: yesOrNo("seed", ["SEED"], true, "Whether sample rows are loaded into an empty database"),
  corsOrigins: {
    flag: "cors-origins",
    env: ["CORS_ORIGINS"],
    parse: origins,
    expected: "origins separated by commas, or *",
    default: "",
    about: "The origins whose pages may call the service",
  },
  token: secret("token", ["API_TOKEN"], "When set, clients must bring it as a bearer token"),
  adminToken: secret(
    "admin-token",
    ["ADMIN_TOKEN"],
    "What administrators must bring; without it only ENVIRONMENT=development lets them in",
  ),
  internalToken: secret(
    "internal-token",
    ["INTERNAL_TOKEN"],
    "What the MCP servers must bring to the internal endpoints; without it those are closed",
  ),
});

/** What the service is called and how it deals with claims. */
const behaviour = defineSettings({
  appName: text("app-name", ["APP_NAME"], "Claims API", "The name in the root answer"),
  appVersion: text("app-version", ["APP_VERSION"], "", "The version in the root answer"),
  environment: text(
    "environment",
    ["ENVIRONMENT"],
    "production",
    "development opens the administration without a token",
  ),
  prefix: {
    flag: "api-prefix",
    env: ["API_V1_PREFIX"],
    parse: z.string().regex(/^(\/[\w.-]+)*$/),
    expected: "a path such as /api/v1",
    default: "/api/v1",
    about: "The path before all endpoints but the root and the health checks",
  },
  documentsRoot: text(
    "documents-root",
    ["DOCUMENTS_ROOT", "DOCUMENTS_STORAGE_PATH"],
    "/mnt/documents",
    "The only folder that documents are read from and written to",
  ),
  uploadLimitMb: count("max-upload-size-mb", ["MAX_UPLOAD_SIZE_MB"], 10, "The largest document"),
  pageLimit: count("max-pdf-pages", ["MAX_PDF_PAGES"], 50, "The most pages of a document"),
  runLimitSeconds: count(
    "max-processing-time-seconds",
    ["MAX_PROCESSING_TIME_SECONDS"],
    600,
    "How long a run may give no sign of life before it counts as failed",
  ),
  runConcurrency: count(
    "run-concurrency",
    ["RUN_CONCURRENCY"],
    2,
    "How many runs this process works on at once",
  ),
  isDenyShownAsFailed: yesOrNo(
    "legacy-deny-as-failed",
    ["LEGACY_DENY_AS_FAILED"],
    false,
    "Shows denied claims as failed, for old clients",
  ),
});

/** The settings of the claims service, without those of the agent. */
export const claimsSettings = { ...serving, ...behaviour };
export type ClaimsSettings = SettingValues<typeof claimsSettings>;

/** The address of the database as one URL; user and password stay beside it. */
export function databaseUrlOf(settings: ClaimsSettings): string {
  if (settings.databaseUrl !== "") return settings.databaseUrl;
  const { postgresHost, postgresPort, postgresDatabase } = settings;
  return `postgres://${postgresHost}:${postgresPort}/${encodeURIComponent(postgresDatabase)}`;
}
