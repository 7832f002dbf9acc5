import type { Logger } from "../core/log.ts";
import type { Settings, SettingValues } from "../core/settings.ts";
import type { FailureForm } from "./outcome.ts";
import type { Tool } from "./tool.ts";
import type { HttpDefaults } from "./transports.ts";

/** An MCP server as its author writes it: what it is, what it needs and which tools it has. */
export interface ServerDefinition<S extends Settings, Deps> {
  /** The binary's name, for example `customer-mcp`. */
  binary: string;
  /** The name in the protocol's serverInfo. */
  name: string;
  title: string;
  /** One sentence for --help and the docs. */
  about: string;
  /** What a model should know before it calls the first tool. */
  instructions: string;
  /** How it words failures that its tools do not word themselves; `rest` when absent. */
  failures?: FailureForm;
  /** Where it listens when nothing else is said. */
  http: HttpDefaults;
  settings: S;
  /** Two command lines that work when pasted. */
  examples: readonly string[];
  tools: readonly Tool<Deps>[];
  /** Opens what the tools need; called once. */
  open(values: SettingValues<S>, log: Logger): Deps | Promise<Deps>;
  /** Whether the tools can work now; true when absent. */
  isReady?(deps: Deps): Promise<boolean>;
  close?(deps: Deps): Promise<void>;
}

/** Types a server's definition; see `serve` for running it. */
export function defineServer<S extends Settings, Deps>(
  definition: ServerDefinition<S, Deps>,
): ServerDefinition<S, Deps> {
  return definition;
}
