import { type Running, runProgram } from "../../src/core/program.ts";
import type { Settings, SettingValues } from "../../src/core/settings.ts";
import type { TraceEntry } from "./session.ts";

/** The most of a tool's output that is shown, in UTF-16 units. */
const shownLimit = 300;

/** A program that does one thing and ends. */
export interface AgentProgram<S extends Settings> {
  name: string;
  /** One sentence for --help. */
  about: string;
  settings: S;
  /** Command lines that work when pasted. */
  examples: readonly string[];
  /** Does the work; what the user can act on is thrown as AppError. */
  run(values: SettingValues<S>, signal: AbortSignal): Promise<void>;
}

/** Runs an agent program: --help, settings, Ctrl-C and exit codes are those of every program here. */
export function runAgent<S extends Settings>(program: AgentProgram<S>): Promise<void> {
  return runProgram({
    ...program,
    async start(values): Promise<Running> {
      const stopping = new AbortController();
      const work = program.run(values, stopping.signal);
      return {
        ended: work.then(() => "done"),
        stop: async (reason) => {
          stopping.abort(new Error(reason));
          await work.catch(() => undefined);
        },
      };
    },
  });
}

/** Shows an entry of the trace while the agent works. */
export function showEntry(entry: TraceEntry): void {
  if (entry.type === "message") return;
  const call = `${entry.tool}(${JSON.stringify(entry.arguments)})`;
  if (entry.type === "approval") {
    console.log(`  ${entry.isApproved ? "approved" : "refused"}: ${call}`);
    return;
  }
  const said = entry.error ?? JSON.stringify(entry.output);
  const shown = said.length > shownLimit ? `${said.slice(0, shownLimit)}…` : said;
  console.log(`  → ${call}\n  ← ${entry.error === null ? "" : "error: "}${shown}`);
}
