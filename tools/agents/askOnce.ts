import type { AgentDefinition } from "./agents.ts";
import { runAgent, showEntry } from "./program.ts";
import { openSession } from "./session.ts";
import { type AgentValues, agentSettings, questionSetting } from "./settings.ts";

/** A program that puts one question to an agent, shows its tool calls and prints its answer. */
export function askOnce(program: {
  name: string;
  about: string;
  /** What is asked when nothing else is given. */
  question: string;
  agentOf(values: AgentValues): AgentDefinition;
}): Promise<void> {
  const command = `bun tools/agents/${program.name}.ts`;
  return runAgent({
    name: program.name,
    about: program.about,
    settings: { ...agentSettings, ...questionSetting(program.question) },
    examples: [command, `${command} --question "Who works at Lonesome Pine Restaurant?"`],
    async run(values, signal) {
      console.log(values.question);
      const session = openSession(program.agentOf(values), values);
      const { text } = await session.ask(values.question, { signal, onEntry: showEntry });
      console.log(text || "(The model gave no answer.)");
    },
  });
}
