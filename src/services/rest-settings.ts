import * as z from "zod";
import { hostSetting, portSetting } from "../core/commonSettings.ts";
import { defineSettings, list, optionalSecret, truth, wholeNumber } from "../core/settings.ts";

/** The settings that the REST services share; each brings its port and its database's default address. */
export function restSettings(defaults: { port: number; database: string; corsOrigins: string }) {
  return defineSettings({
    port: portSetting(["SERVER_PORT", "PORT"], defaults.port),
    host,
    databaseUrl: {
      flag: "database-url",
      env: ["DATABASE_URL", "SPRING_DATASOURCE_URL"],
      // Parsed later, by a reader that does not quote it: a URL may hold a password.
      parse: z.string(),
      expected: "a PostgreSQL URL, plain or in JDBC form",
      default: `jdbc:postgresql://localhost:5432/${defaults.database}`,
      about: "The service's own database",
    },
    ...database,
    corsOrigins: {
      flag: "cors-origins",
      env: ["CORS_ORIGINS"],
      parse: list,
      expected: "origins separated by commas, or *",
      default: defaults.corsOrigins,
      about: "The origins whose pages may call the service",
    },
    token,
  });
}

const { host, token } = defineSettings({
  host: hostSetting,
  token: {
    flag: "token",
    env: ["API_TOKEN"],
    parse: optionalSecret,
    expected: "a token",
    default: "",
    about: "When set, requests must bring it as a bearer token",
  },
});

/** What the database's address does not say, and how the service uses it. */
const database = defineSettings({
  databaseUsername: {
    flag: "database-username",
    env: ["SPRING_DATASOURCE_USERNAME"],
    parse: z.string(),
    expected: "a user name",
    default: "",
    about: "Wins over the user in the URL; postgres when neither names one",
  },
  databasePassword: {
    flag: "database-password",
    env: ["SPRING_DATASOURCE_PASSWORD"],
    parse: optionalSecret,
    expected: "a password",
    default: "",
    about: "Wins over the password in the URL",
  },
  poolSize: {
    flag: "pool-size",
    env: ["DATABASE_POOL_SIZE"],
    parse: wholeNumber(1),
    expected: "a whole number of 1 or more",
    default: "10",
    about: "The most database connections that this process opens",
  },
  seed: {
    flag: "seed",
    env: ["SEED"],
    parse: truth,
    expected: "true or false",
    default: "true",
    about: "Whether the sample rows are loaded into an empty database, once",
  },
});
