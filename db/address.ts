import { AppError } from "../src/core/fault.ts";
import { Secret } from "../src/core/secret.ts";

/** What `sslmode` may be; the words of libpq and of the JDBC driver. */
const sslModes = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"] as const;
/** Without allow: see readSslMode. */
export type SslMode = Exclude<(typeof sslModes)[number], "allow">;

/** Where a service's database is and who logs in. */
export interface DatabaseAddress {
  host: string;
  port: number;
  database: string;
  username: string;
  password: Secret;
  sslMode: SslMode;
  /** The schema that unqualified names mean; the server's search path when absent. */
  schema: string | undefined;
}

/** The login for local use only; every chart and compose file sets another one. */
const localLogin = { username: "postgres", password: "postgres" };

/**
 * Reads a database address in JDBC form (`jdbc:postgresql://host/db?user=..`) or as a plain `postgres://` URL.
 * A user name and a password given beside the URL win over those inside it.
 * @throws AppError `invalid_config`; the message never holds the URL, which may hold a password.
 */
export function readDatabaseAddress(
  url: string,
  login: { username?: string | undefined; password?: Secret | undefined } = {},
): DatabaseAddress {
  const parsed = parse(url);
  const { searchParams } = parsed;
  const password = decode(parsed.password) || searchParams.get("password") || localLogin.password;
  return {
    host: decode(parsed.hostname).replace(/^\[(.*)\]$/, "$1"),
    port: parsed.port === "" ? 5432 : Number(parsed.port),
    database: decode(parsed.pathname.slice(1)),
    username:
      login.username || decode(parsed.username) || searchParams.get("user") || localLogin.username,
    password: login.password ?? new Secret(password),
    sslMode: readSslMode(searchParams.get("sslmode")),
    schema: searchParams.get("currentSchema") ?? undefined,
  };
}

function parse(url: string): URL {
  const plain = url.replace(/^jdbc:(?=postgresql:)/, "");
  if (!/^postgres(ql)?:\/\//.test(plain) || !URL.canParse(plain)) {
    throw invalidAddress("it is no PostgreSQL URL");
  }
  const parsed = new URL(plain);
  if (parsed.hostname === "") throw invalidAddress("it names no host");
  if (parsed.hostname.includes(",")) throw invalidAddress("it names several hosts");
  if (parsed.pathname.length < 2) throw invalidAddress("it names no database");
  return parsed;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalidAddress("a percent sign in it begins no encoded character");
  }
}

function readSslMode(text: string | null): SslMode {
  if (text === null) return "prefer";
  const mode = sslModes.find((known) => known === text);
  if (mode === undefined) throw invalidAddress(`sslmode is ${JSON.stringify(text)}`);
  // TLS only when the server insists is what neither driver can do: TLS when the server has it serves both kinds, too.
  return mode === "allow" ? "prefer" : mode;
}

function invalidAddress(state: string): AppError {
  return new AppError("invalid_config", `Cannot read the database address: ${state}`, {
    hint: "Set DATABASE_URL to postgres://host:5432/name or jdbc:postgresql://host:5432/name.",
  });
}
