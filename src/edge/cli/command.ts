import { type ParseArgsConfig, parseArgs } from "node:util";
import { AppError, faults } from "../../core/fault.ts";

/** What a command may touch of the process; tests hand in their own. */
export interface CommandIo {
  /** Writes a line to stdout: the result. */
  print(text: string): void;
  /** Writes a line to stderr: faults and remarks. */
  complain(text: string): void;
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
}

type Options = NonNullable<ParseArgsConfig["options"]>;

/** One option of a command, for the parser and for its help. */
export interface OptionText {
  /** `<file>` behind the name, for an option that takes a value. */
  value?: string;
  /** It may be given more than once. */
  isMultiple?: boolean;
  about: string;
}

/** One word after `berth`. */
export interface Command {
  name: string;
  /** One sentence. */
  about: string;
  /** What follows the name in the usage line. */
  operands: string;
  options: Readonly<Record<string, OptionText>>;
  /** What a reader of the options should know besides. */
  notes?: string;
  /** What comes after `--` belongs to the server that it runs. */
  passesOptionsOn?: true;
  /** Brings arguments into a form that node:util can read. */
  rewrite?(argv: readonly string[]): readonly string[];
  /** Command lines that work when pasted. */
  examples: readonly string[];
  run(input: CommandInput, io: CommandIo): number | Promise<number>;
}

/** A parsed command line. */
export interface CommandInput {
  operands: readonly string[];
  /** The text of an option that takes a value. */
  text(name: string): string | undefined;
  texts(name: string): readonly string[];
  isSet(name: string): boolean;
}

/**
 * Runs one command: answers --help, parses the options, and turns a fault into words on stderr and an exit code.
 * 0 done, 1 fault, 2 usage or configuration.
 */
export async function runCommand(
  command: Command,
  argv: readonly string[],
  io: CommandIo,
): Promise<number> {
  try {
    if (isHelpAsked(argv)) {
      io.print(helpOf(command));
      return 0;
    }
    return await command.run(parse(command, command.rewrite?.(argv) ?? argv), io);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    io.complain(error.message);
    if (error.hint !== undefined) io.complain(`hint: ${error.hint}`);
    return faults[error.fault].exitCode;
  }
}

/** The one operand that a command takes. */
export function oneOperand(command: Command, input: CommandInput): string {
  const [operand] = input.operands;
  if (operand !== undefined && input.operands.length === 1) return operand;
  throw new AppError(
    "usage",
    `Cannot run berth ${command.name}: expected ${command.operands}, got ${input.operands.length} operands`,
    {
      hint: `See berth ${command.name} --help.`,
    },
  );
}

/** Refuses what a command without operands has no use for. */
export function noOperand(command: Command, input: CommandInput, hint?: string): void {
  const [operand] = input.operands;
  if (operand === undefined) return;
  const state = `expected no operand, got ${JSON.stringify(operand)}`;
  throw new AppError("usage", `Cannot run berth ${command.name}: ${state}`, {
    hint: hint ?? `See berth ${command.name} --help.`,
  });
}

/** What every command has that reads berth.json. */
export const configOption: Readonly<Record<string, OptionText>> = {
  config: {
    value: "<path>",
    about: "berth.json, or a folder of bundles [env: BERTH_CONFIG] (default: ./berth.json)",
  },
};
export const jsonOption: Readonly<Record<string, OptionText>> = {
  json: { about: "Prints the result as one JSON object." },
};

/** Options behind `--` belong to somebody else. */
function isHelpAsked(argv: readonly string[]): boolean {
  const end = argv.indexOf("--");
  return (end < 0 ? argv : argv.slice(0, end)).some((arg) => arg === "--help" || arg === "-h");
}

function parse(command: Command, argv: readonly string[]): CommandInput {
  const options: Options = {};
  for (const [name, { value, isMultiple }] of Object.entries(command.options)) {
    options[name] = {
      type: value === undefined ? "boolean" : "string",
      multiple: isMultiple ?? false,
    };
  }
  const { values, positionals } = parseStrictly(command, argv, options);
  const textsOf = (name: string) =>
    [values[name] ?? []].flat().filter((value): value is string => typeof value === "string");
  return {
    operands: positionals,
    text: (name) => textsOf(name)[0],
    texts: textsOf,
    isSet: (name) => values[name] === true,
  };
}

function parseStrictly(command: Command, argv: readonly string[], options: Options) {
  try {
    return parseArgs({ args: [...argv], options, strict: true, allowPositionals: true });
  } catch (cause) {
    // node:util names the option and what is wrong with it in the first sentence.
    const [problem] = (cause instanceof Error ? cause.message : String(cause)).split(". ");
    throw new AppError("usage", `Cannot run berth ${command.name}: ${problem}`, {
      hint: `See berth ${command.name} --help for the options.${command.passesOptionsOn ? " What is meant for the server comes after --, as in: berth run -- node server.js --verbose" : ""}`,
      cause,
    });
  }
}

function helpOf(command: Command): string {
  const options = Object.entries({
    ...command.options,
    help: { about: "Prints this text." },
  } satisfies Record<string, OptionText>)
    .map(
      ([name, option]: [string, OptionText]) =>
        `  --${name}${option.value === undefined ? "" : ` ${option.value}`}\n      ${option.about}`,
    )
    .join("\n");
  const examples = command.examples.map((example) => `  ${example}`).join("\n");
  const usage = ["berth", command.name, command.operands, "[options]"].filter(Boolean).join(" ");
  const notes = command.notes === undefined ? "" : `\n${command.notes}\n`;
  return `${command.about}

Usage: ${usage}
${notes}
Options:
${options}

Examples:
${examples}`;
}
