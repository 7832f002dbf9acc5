/** The commands of `berth`: finds the one that the first word names. */
import { AppError } from "../core/fault.ts";
import { readNotices } from "../core/notices.ts";
import { print } from "../core/print.ts";
import { version } from "../core/version.ts";
import { addCommand } from "./cli/add.ts";
import { type Command, type CommandIo, runCommand } from "./cli/command.ts";
import { doctorCommand } from "./cli/doctor.ts";
import { infoCommand } from "./cli/info.ts";
import { listCommand } from "./cli/list.ts";
import { packCommand } from "./cli/pack.ts";
import { registerCommand } from "./cli/register.ts";
import { runCommand as runServer } from "./cli/run.ts";
import { serveCommand } from "./cli/serve.ts";
import { tailCommand } from "./cli/tail.ts";
import { tableText, visible } from "./cli/words.ts";
import { becomeServer, findBundleBeside } from "./serve-one.ts";

/** In the order of the help screen; a new command is one line here. */
const commands: readonly Command[] = [
  serveCommand,
  runServer,
  packCommand,
  addCommand,
  listCommand,
  infoCommand,
  tailCommand,
  registerCommand,
  doctorCommand,
];

/** Runs a command line without the program's name, with stdout as it is; returns the exit code. */
export async function runToExit(
  argv: readonly string[],
  given: Omit<CommandIo, "print">,
): Promise<number> {
  try {
    return await runBerth(argv, { ...given, print });
  } catch (error) {
    // Of the help itself; what a command throws is told where it runs.
    if (!(error instanceof AppError)) throw error;
    given.complain(error.message);
    if (error.hint !== undefined) given.complain(`hint: ${error.hint}`);
    return 1;
  }
}

/** Runs a command line without the program's name; returns the exit code. */
export async function runBerth(argv: readonly string[], given: CommandIo): Promise<number> {
  const [word, ...rest] = argv;
  const io: CommandIo = {
    ...given,
    print: (text) => given.print(visible(text)),
    complain: (text) => given.complain(visible(text)),
  };
  if (word === "help" && rest[0] !== undefined) return runBerth([rest[0], "--help"], given);
  if (word === undefined || word === "--help" || word === "-h" || word === "help") {
    io.print(helpText());
    return 0;
  }
  if (word === "--version") {
    io.print(`berth ${version}`);
    return 0;
  }
  if (word === "--licenses") {
    io.print(await readNotices());
    return 0;
  }
  const alone = word === "serve" ? findBundleBeside(rest[0], io) : undefined;
  if (alone !== undefined) return becomeServer(alone, rest.slice(1), io.env);
  const command = commands.find(({ name }) => name === word);
  if (command !== undefined) return runCommand(command, rest, io);
  io.complain(`Cannot run ${JSON.stringify(word)}: no such command`);
  io.complain(
    `hint: The commands are ${commands.map(({ name }) => name).join(", ")}; see berth --help.`,
  );
  return 2;
}

function helpText(): string {
  const table = tableText(commands.map(({ name, about }) => [`  ${name}`, about]));
  return `Hosts MCP servers behind HTTP, each with only the permissions that it was granted.

Usage: berth <command> [options]

Commands:
${table}

Options:
  --help      Prints this text; berth <command> --help prints the command's.
  --version   Prints the version.
  --licenses  Prints whose work is built in, with the licences.

Examples:
  berth add customer-mcp-0.1.0.mcpb
  berth list`;
}
