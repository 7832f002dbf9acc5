/** Two questions in one conversation; the second makes sense only after the first. */
import { supportAgent } from "./agents.ts";
import { runAgent, showEntry } from "./program.ts";
import { openSession } from "./session.ts";
import { agentSettings } from "./settings.ts";

const questions = [
  "Which company does Thomas Hardy work for?",
  "And which orders do they have?",
] as const;

await runAgent({
  name: "multi-turn-agent",
  about: "Puts two questions in one conversation to a model that has both servers' tools.",
  settings: agentSettings,
  examples: [
    "bun tools/agents/multi-turn-agent.ts",
    "bun tools/agents/multi-turn-agent.ts --model vllm/my-model",
  ],
  async run(values, signal) {
    const session = openSession(supportAgent(values), values);
    for (const question of questions) {
      console.log(`> ${question}`);
      const { text } = await session.ask(question, { signal, onEntry: showEntry });
      console.log(`${text || "(The model gave no answer.)"}\n`);
    }
  },
});
