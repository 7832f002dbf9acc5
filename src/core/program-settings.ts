import * as z from "zod";
import { type LogLevel, logLevels } from "./log.ts";
import { defineSettings, type Setting } from "./settings.ts";

/** The settings of every program and every command. */
export const commonSettings: { logLevel: Setting<LogLevel> } = defineSettings({
  logLevel: {
    flag: "log-level",
    env: ["LOG_LEVEL"],
    parse: z
      .string()
      .transform((text) => text.toLowerCase())
      .pipe(z.enum(logLevels)) as z.ZodType<LogLevel, string>,
    expected: `one of ${logLevels.join(", ")}`,
    default: "info",
    about: "The least severe log lines that are written to stderr",
  },
});
