import { print } from "./print.ts";
import { printNotices } from "./program.ts";
import { version } from "./version.ts";

/** Several programs in one executable. */
export interface ProgramSet {
  /** The executable's name. */
  name: string;
  /** One sentence for the help. */
  about: string;
  /** What each of them is called. */
  kind: "service" | "program";
  programs: Readonly<Record<string, { about: string; start: () => Promise<unknown> }>>;
}

/**
 * Becomes the program that the first word names, with the rest of the command line as its own. Without a word it says which
 * there are. Exit codes: 0 told or stopped as asked, 2 no such program, and the program's own.
 */
export async function runProgramSet(set: ProgramSet): Promise<void> {
  const [word = "help", second] = process.argv.slice(2);
  if (word === "help" && second !== undefined) return become(set, second, ["--help"]);
  if (word === "help" || word === "--help" || word === "-h") return print(helpText(set));
  if (word === "--version") return print(`${set.name} ${version}`);
  if (word === "--licenses") return printNotices();
  return become(set, word, process.argv.slice(3));
}

async function become({ kind, programs }: ProgramSet, word: string, argv: string[]): Promise<void> {
  const program = Object.hasOwn(programs, word) ? programs[word] : undefined;
  if (program !== undefined) {
    process.argv.splice(2, process.argv.length, ...argv);
    await program.start();
    return;
  }
  const names = Object.keys(programs).join(", ");
  process.stderr.write(
    `Cannot start ${JSON.stringify(word)}: no such ${kind}\nhint: The ${kind}s are ${names}; give one of them as the first argument.\n`,
  );
  process.exit(2);
}

function helpText({ name, about, kind, programs }: ProgramSet): string {
  const names = Object.keys(programs);
  const width = Math.max(...names.map(({ length }) => length));
  const lines = Object.entries(programs).map(
    ([each, program]) => `  ${each.padEnd(width)}  ${program.about}`,
  );
  const [first] = names;
  return `${about}

Usage: ${name} <${kind}> [options]

${kind === "service" ? "Services" : "Programs"}:
${lines.join("\n")}

Options:
  --help      Prints this text; ${name} <${kind}> --help prints the ${kind}'s options and variables.
  --version   Prints the version.
  --licenses  Prints whose work is built in, with the licences.

Examples:
  ${name} ${first} --help
  ${name} ${first} --port 8080`;
}
