import { parseArgs } from "node:util";

/** What all benches can be told. */
export interface BenchOptions {
  isJson: boolean;
  isSoak: boolean;
  isCrossed: boolean;
  connections: readonly number[];
  rounds: number;
  seconds: number;
  /** Contenders to measure, by name; all when empty. */
  only: readonly string[];
  /** Tasks or back ends to measure, by name; all when empty. */
  tasks: readonly string[];
}

/** Reads the words after the bench's name. */
export function readBenchOptions(args: string[]): BenchOptions {
  const { values } = parseArgs({
    args,
    options: {
      json: { type: "boolean", default: false },
      soak: { type: "boolean", default: false },
      crossed: { type: "boolean", default: false },
      connections: { type: "string", default: "1,20,100" },
      rounds: { type: "string", default: "5" },
      seconds: { type: "string", default: "3" },
      only: { type: "string", default: "" },
      tasks: { type: "string", default: "" },
    },
  });
  return {
    isJson: values.json,
    isSoak: values.soak,
    isCrossed: values.crossed,
    connections: words(values.connections).map((text) => wholeNumber("connections", text, 1000)),
    rounds: wholeNumber("rounds", values.rounds, 100),
    seconds: wholeNumber("seconds", values.seconds, 60),
    only: words(values.only),
    tasks: words(values.tasks),
  };
}

/** Whether a list that selects by name selects this one; an empty list selects everything. */
export function isSelected(selected: readonly string[], name: string): boolean {
  return selected.length === 0 || selected.includes(name);
}

function words(text: string): string[] {
  return text.split(",").filter((word) => word !== "");
}

function wholeNumber(name: string, text: string, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new Error(`Cannot use --${name} "${text}": expected a whole number from 1 to ${most}`);
}
