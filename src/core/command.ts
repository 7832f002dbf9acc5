import { createLogger, type Logger, type LogLevel } from "./log.ts";
import { commonSettings } from "./program-settings.ts";
import { describeSettings, readSettings, type Settings, type SettingValues } from "./settings.ts";

/** What a command is handed beside its settings. */
export interface CommandContext {
  log: Logger;
  env: Readonly<Record<string, string | undefined>>;
  /** The words that are neither options nor values of options; everything after `--` is one. */
  operands: readonly string[];
  /** Aborted by SIGINT, SIGTERM and SIGHUP: the command stops its work and returns. */
  signal: AbortSignal;
  /** Writes one result and a line feed to stdout. */
  print(text: string): void;
}

/** What a command line is run with: the composition root's share of the context. */
export interface CommandIo extends Pick<CommandContext, "env" | "print"> {
  /** The program's name. */
  program: string;
}

/** One word that makes a program do a single thing and end, for example `ocr-mcp read scan.pdf`. */
export interface Command {
  name: string;
  /** One sentence for --help. */
  about: string;
  /** The operands as the usage line shows them, for example `<file…>`; none when absent. */
  operands?: string;
  settings: Settings;
  /** Command lines that work when pasted. */
  examples: readonly string[];
  /** Does the work and returns the exit code. Results go to stdout; what the caller did wrong is thrown as AppError. */
  run(values: Readonly<Record<string, unknown>>, context: CommandContext): Promise<number>;
}

/** A command with the types of its settings. */
export interface TypedCommand<S extends Settings> extends Omit<Command, "settings" | "run"> {
  settings: S;
  run(values: SettingValues<S>, context: CommandContext): Promise<number>;
}

/** Types a command by its table of settings; programs hold commands of many tables in one list. */
export function defineCommand<S extends Settings>(command: TypedCommand<S>): Command {
  // `runCommand` hands each command the values that were read by its own table.
  return command as unknown as Command;
}

/** What shells take for a program that was interrupted: 128 and the number of SIGINT. */
const stoppedExitCode = 130;

/**
 * Runs a command with the words that follow its name; returns the exit code.
 * @throws AppError `usage` and `invalid_config` for bad options, and whatever the command throws.
 */
export async function runCommand(
  command: Command,
  argv: readonly string[],
  { program, env, print }: CommandIo,
): Promise<number> {
  const { operands, options } = separate(command.settings, argv);
  if (options.includes("--help") || options.includes("-h")) {
    print(commandHelp(program, command));
    return 0;
  }
  const all: Settings = { ...command.settings, ...commonSettings };
  const { logLevel, ...values } = readSettings(all, { argv: options, env });
  const stopping = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const)
    process.on(signal, () => stopping.abort(new Error(signal)));
  const run = command.run(values, {
    // `commonSettings.logLevel` has parsed it.
    log: createLogger(program, logLevel as LogLevel),
    env,
    print,
    operands,
    signal: stopping.signal,
  });
  return run.catch((error) => {
    if (stopping.signal.aborted && error === stopping.signal.reason) return stoppedExitCode;
    throw error;
  });
}

/** Tells operands from options, which may stand in any order. */
function separate(
  settings: Settings,
  argv: readonly string[],
): { operands: string[]; options: string[] } {
  const switches = new Set(
    Object.values(settings).flatMap(({ flag, isSwitch }) => (flag && isSwitch ? [flag] : [])),
  );
  const operands: string[] = [];
  const options: string[] = [];
  for (let index = 0; index < argv.length; index++) {
    const word = argv[index] ?? "";
    if (word === "--") return { operands: [...operands, ...argv.slice(index + 1)], options };
    const isOption = word.startsWith("-") && word !== "-";
    (isOption ? options : operands).push(word);
    const takesValue = word.startsWith("--") && !word.includes("=") && !switches.has(word.slice(2));
    const next = argv[index + 1];
    if (takesValue && word !== "--help" && next !== undefined) {
      options.push(next);
      index++;
    }
  }
  return { operands, options };
}

function commandHelp(program: string, command: Command): string {
  return `${command.about}

Usage: ${usageOf(program, command)}

Options:
${describeSettings({ ...command.settings, ...commonSettings })}
  --help      Print this text.

Examples:
${command.examples.map((example) => `  ${example}`).join("\n")}`;
}

/** The usage line of a command. */
export function usageOf(program: string, { name, operands }: Command): string {
  return [program, name, "[options]", operands].filter(Boolean).join(" ");
}
