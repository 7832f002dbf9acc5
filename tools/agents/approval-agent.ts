/** A conversation at the terminal; before anything is written, the person at the terminal says yes or no. */
import { createInterface } from "node:readline/promises";
import { disputeAgent } from "./agents.ts";
import { runAgent, showEntry } from "./program.ts";
import { openSession } from "./session.ts";
import { agentSettings } from "./settings.ts";

const endings = new Set(["exit", "quit", "q"]);

await runAgent({
  name: "approval-agent",
  about: "Talks at the terminal, and files a dispute only after you have said yes.",
  settings: agentSettings,
  examples: [
    "bun tools/agents/approval-agent.ts",
    "echo 'Which orders does AROUT have?' | bun tools/agents/approval-agent.ts",
  ],
  async run(values, signal) {
    const terminal = openTerminal(signal);
    const session = openSession(disputeAgent(values), values);
    console.log("Ask about customers, orders and disputes; exit, quit or q ends.");
    try {
      for (;;) {
        const question = await terminal.ask("> ");
        if (question === undefined || endings.has(question.trim().toLowerCase())) return;
        if (question.trim() === "") continue;
        const { text } = await session.ask(question, {
          signal,
          onEntry: showEntry,
          approve: (call) => askForApproval(terminal, call),
        });
        console.log(text || "(The model gave no answer.)");
      }
    } finally {
      terminal.close();
    }
  },
});

/** Only a clear yes is one: the end of the input and everything else that is no answer is a no, or asked again. */
async function askForApproval(
  terminal: Terminal,
  call: { tool: string; arguments: unknown },
): Promise<boolean> {
  console.log(`The agent wants to call ${call.tool}, which writes:`);
  console.log(JSON.stringify(call.arguments, null, 2));
  for (;;) {
    const answer = (await terminal.ask("Approve? [y/n] "))?.trim().toLowerCase();
    if (answer === "y" || answer === "yes") return true;
    if (answer === undefined || answer === "n" || answer === "no") return false;
  }
}

interface Terminal {
  /** One line, or undefined at the end of the input. */
  ask(prompt: string): Promise<string | undefined>;
  close(): void;
}

/**
 * Reads line by line, so that lines of a pipe that come early are not lost. The terminal itself echoes and edits, and Ctrl-C
 * stays a signal.
 */
function openTerminal(signal: AbortSignal): Terminal {
  const lines = createInterface({ input: process.stdin, terminal: false, signal });
  const waiting = lines[Symbol.asyncIterator]();
  return {
    async ask(prompt) {
      process.stdout.write(prompt);
      const { done, value } = await waiting.next();
      return done ? undefined : value;
    },
    close: () => lines.close(),
  };
}
