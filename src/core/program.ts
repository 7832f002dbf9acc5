import { type Command, runCommand, usageOf } from "./command.ts";
import { AppError, faults } from "./fault.ts";
import { createLogger, type Logger, type LogLevel } from "./log.ts";
import { readNotices } from "./notices.ts";
import { print } from "./print.ts";
import { commonSettings } from "./program-settings.ts";
import {
  describeSettings,
  readSettings,
  type Setting,
  type Settings,
  type SettingValues,
} from "./settings.ts";
import { version } from "./version.ts";

/** How long a program may take to finish what is in flight after SIGTERM before it is ended, in milliseconds. */
const shutdownLimitMs = 10_000;

/** A program that runs until it is told to stop. */
export interface Running {
  /** Finishes what is in flight, then closes everything. Called at most once. */
  stop(reason: string): Promise<void>;
  /** Settles when the program ends by itself, for example because its stdin ended. */
  ended?: Promise<string>;
}

/** What a program's start is handed beside its settings. */
export interface ProgramContext {
  log: Logger;
  env: Readonly<Record<string, string | undefined>>;
}

/** One executable: its name, its help and its start. */
export interface Program<S extends Settings> {
  name: string;
  /** One sentence for --help. */
  about: string;
  settings: S;
  /** Two command lines that work when pasted. */
  examples: readonly string[];
  /** What --manifest prints beside name, version and settings. */
  manifest?: () => Record<string, unknown>;
  /** Words that make it do a single thing and end instead of starting. */
  commands?: readonly Command[];
  start(values: SettingValues<S>, context: ProgramContext): Promise<Running>;
}

/**
 * The composition root of every executable: answers --help, --version, --licenses and --manifest, reads the settings once,
 * starts, waits for SIGTERM, SIGINT or the program's own end, stops gracefully and exits.
 * Exit codes: 0 stopped as asked, 1 fault, 2 usage or configuration.
 */
export async function runProgram<S extends Settings>(program: Program<S>): Promise<void> {
  const argv = process.argv.slice(2);
  const command = program.commands?.find(({ name }) => name === argv[0]);
  if (command !== undefined) {
    const io = { program: program.name, env: process.env, print };
    return process.exit(await runCommand(command, argv.slice(1), io).catch(report));
  }
  if (argv.includes("--help") || argv.includes("-h")) return print(helpText(program));
  if (argv.includes("--version")) return print(`${program.name} ${version}`);
  if (argv.includes("--licenses")) return printNotices();
  if (argv.includes("--manifest")) return print(JSON.stringify(manifestOf(program), null, 2));
  try {
    const all: Settings = { ...program.settings, ...commonSettings };
    const { logLevel, ...values } = readSettings(all, { argv, env: process.env });
    // `commonSettings.logLevel` has parsed it.
    const log = createLogger(program.name, logLevel as LogLevel);
    // `values` holds what `program.settings` describes; only the common settings were taken out of it.
    const running = await program.start(values as unknown as SettingValues<S>, {
      log,
      env: process.env,
    });
    await stopWhenAsked(running, log);
  } catch (error) {
    process.exit(report(error));
  }
}

/** Prints the notices of what is built in; ends the process with the exit code of the fault when there are none. */
export async function printNotices(): Promise<void> {
  try {
    print(await readNotices());
  } catch (error) {
    process.exit(report(error));
  }
}

async function stopWhenAsked(running: Running, log: Logger): Promise<void> {
  const asked = new Promise<string>((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const)
      process.on(signal, () => resolve(signal));
  });
  const reason = await Promise.race(running.ended ? [asked, running.ended] : [asked]);
  log.debug({ reason }, "stopping");
  const limit = setTimeout(() => {
    log.error({ reason, shutdownLimitMs }, "did not stop in time; ending");
    process.exit(faults.timeout.exitCode);
  }, shutdownLimitMs);
  await running.stop(reason);
  clearTimeout(limit);
  process.exit(0);
}

function report(error: unknown): number {
  if (!(error instanceof AppError)) {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    return 1;
  }
  process.stderr.write(`${error.message}\n${error.hint ? `hint: ${error.hint}\n` : ""}`);
  return faults[error.fault].exitCode;
}

function helpText<S extends Settings>(program: Program<S>): string {
  const options = describeSettings({ ...program.settings, ...commonSettings });
  const examples = program.examples.map((example) => `  ${example}`).join("\n");
  return `${program.about}

Usage: ${program.name} [options]
${commandsText(program)}
Options:
${options}
  --help      Print this text.
  --version   Print the version.
  --licenses  Print whose work is built in, with the licences.
  --manifest  Print what this program is and needs, as JSON.

Examples:
${examples}`;
}

/** Each command by its usage line and its sentence; empty without commands. */
function commandsText({ name, commands = [] }: Program<Settings>): string {
  if (commands.length === 0) return "";
  const lines = commands.map((command) => `  ${usageOf(name, command)}\n      ${command.about}`);
  return `\nCommands:\n${lines.join("\n")}\n`;
}

function manifestOf<S extends Settings>(program: Program<S>): Record<string, unknown> {
  return {
    name: program.name,
    version,
    description: program.about,
    ...program.manifest?.(),
    ...(program.commands && {
      commands: program.commands.map((command) => ({
        usage: usageOf(program.name, command),
        about: command.about,
      })),
    }),
    settings: Object.values({ ...program.settings, ...commonSettings }).map(settingEntry),
  };
}

function settingEntry(setting: Setting): Record<string, unknown> {
  return {
    flag: setting.flag ? `--${setting.flag}` : null,
    env: setting.env ?? [],
    default: setting.default ?? null,
    required: setting.default === undefined,
    about: setting.about,
  };
}
