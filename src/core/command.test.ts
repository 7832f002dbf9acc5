import { expect, test } from "bun:test";
import { type CommandContext, defineCommand, runCommand } from "./command.ts";
import { defineSettings, truth, wholeNumber } from "./settings.ts";

const settings = defineSettings({
  top: {
    flag: "top",
    parse: wholeNumber(1),
    expected: "a whole number from 1",
    default: "10",
    about: "How many hits are shown",
  },
  json: {
    flag: "json",
    parse: truth,
    expected: "true or false",
    default: "false",
    isSwitch: true,
    about: "Prints JSON",
  },
});

/** Runs a command line and tells what the command was handed. */
async function handed(argv: readonly string[], printed: string[] = []): Promise<unknown> {
  let seen: unknown;
  const io = { program: "rag-mcp", env: {}, print: (text: string) => void printed.push(text) };
  const command = defineCommand({
    name: "search",
    about: "Searches.",
    operands: "<words…>",
    settings,
    examples: ["rag-mcp search water"],
    run: async (values, { operands }: CommandContext) => {
      seen = { ...values, operands };
      return 3;
    },
  });
  const code = await runCommand(command, argv, io);
  expect(code).toBe(argv.includes("--help") ? 0 : 3);
  return seen;
}

test.each([
  [["water", "damage"], { top: 10, json: false, operands: ["water", "damage"] }],
  [["water", "--top", "3", "damage"], { top: 3, json: false, operands: ["water", "damage"] }],
  [["--json", "water", "--top=4"], { top: 4, json: true, operands: ["water"] }],
  [["--", "--json", "-"], { top: 10, json: false, operands: ["--json", "-"] }],
  [["-"], { top: 10, json: false, operands: ["-"] }],
])("the words %j are told apart", async (argv, expected) => {
  expect(await handed(argv)).toEqual(expected);
});

test.each([
  [["--bottom", "1"], 'Cannot read the argument "--bottom": no such option'],
  [["-x"], 'Cannot read the argument "-x": no such option'],
  [["water", "--top"], "Cannot read --top: its value is missing; expected a whole number from 1"],
  [["--top", "0"], 'Cannot start: --top is "0"; expected a whole number from 1'],
])("the words %j are refused", async (argv, message) => {
  await expect(handed(argv)).rejects.toThrow(message);
});

test("--help prints the usage, the options and the examples instead of running", async () => {
  const printed: string[] = [];
  expect(await handed(["water", "--help"], printed)).toBeUndefined();
  expect(printed).toEqual([
    `Searches.

Usage: rag-mcp search [options] <words…>

Options:
  --top <value>
      How many hits are shown (default: 10)
  --json
      Prints JSON
  --log-level <value>  [env: LOG_LEVEL]
      The least severe log lines that are written to stderr (default: info)
  --help      Print this text.

Examples:
  rag-mcp search water`,
  ]);
});

// Ctrl-C was answered with the stack of the error that ends the work.
test("a command that is interrupted ends without a word and with code 130", async () => {
  const printed: string[] = [];
  const io = { program: "rag-mcp", env: {}, print: (text: string) => void printed.push(text) };
  const command = defineCommand({
    name: "wait",
    about: "Waits.",
    operands: "",
    settings: {},
    examples: [],
    run: (_, { signal }: CommandContext) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
        process.kill(process.pid, "SIGINT");
      }),
  });
  expect([await runCommand(command, [], io), printed]).toEqual([130, []]);
});
