import { AppError } from "../../core/fault.ts";
import { version } from "../../core/version.ts";
import { mcpServerResources, playgroundConfigMap } from "../cluster-objects.ts";
import { serverName } from "../config.ts";
import { type Config, readConfig } from "../config-file.ts";
import { type Registration, register } from "../register.ts";
import { listServers } from "../servers.ts";
import {
  type Command,
  type CommandInput,
  type CommandIo,
  configOption,
  jsonOption,
} from "./command.ts";

/** Of this version: what a tag like latest means changes under those who run it. */
const ownImage = `quay.io/berth/berth:${version}`;

export const registerCommand: Command = {
  name: "register",
  about:
    "Tells a Llama Stack of servers, in the forms that its version understands, and checks by listing.",
  operands: "[name...]",
  options: {
    "llama-stack": {
      value: "<url>",
      about: "The address of the Llama Stack [env: LLAMASTACK_ENDPOINT]",
    },
    berth: {
      value: "<url>",
      about: "Berth's address as the Llama Stack reaches it (default: where berth.json listens)",
    },
    print: {
      about: "Prints the playground's ConfigMap and MCPServer resources instead; calls nobody.",
    },
    image: {
      value: "<ref>",
      about: `The image in the MCPServer resources (default: ${ownImage})`,
    },
    ...configOption,
    ...jsonOption,
  },
  examples: [
    "berth register --llama-stack http://localhost:8321 customer-mcp",
    "berth register --print --berth http://berth.mcp.svc:8080 customer-mcp finance-mcp",
  ],
  async run(input, io) {
    const config = readConfig({ path: input.text("config"), env: io.env, cwd: io.cwd });
    const names = namesOf(input, config);
    const { host, port } = config.listen;
    const berth = urlOf(input.text("berth") ?? `http://${host}:${port}`, "--berth");
    if (input.isSet("print")) {
      const image = input.text("image") ?? ownImage;
      const objects = [
        playgroundConfigMap({ berth, names, image }),
        ...mcpServerResources({ berth, names, image }),
      ];
      io.print(objects.join("\n---\n"));
      return 0;
    }
    const llamaStack = urlOf(stackOf(input, io), "--llama-stack");
    const token = io.env.BERTH_TOKEN || undefined;
    const registration = await register({ llamaStack, berth, names, token });
    io.print(input.isSet("json") ? JSON.stringify(registration) : wordsOf(registration));
    return 0;
  },
};

/** The servers that are named, else all that are served. Those of another Berth are not known here. */
function namesOf(input: CommandInput, config: Config): readonly string[] {
  const served = listServers(config).filter(({ config: { disabled } }) => disabled !== true);
  const known = served.map(({ name }) => name);
  const { operands } = input;
  const hint = "See berth list for the names; those of a Berth elsewhere need its --berth <url>.";
  const isElsewhere = input.text("berth") !== undefined || known.length === 0;
  const wrong = operands.find(
    (name) => !serverName.safeParse(name).success || !(isElsewhere || known.includes(name)),
  );
  if (wrong !== undefined) {
    const state = "no server of that name is served";
    throw new AppError("usage", `Cannot register ${JSON.stringify(wrong)}: ${state}`, { hint });
  }
  if (operands.length > 0) return operands;
  if (known.length > 0) return known;
  throw new AppError("usage", "Cannot run berth register: there is no server", { hint });
}

function stackOf(input: CommandInput, io: CommandIo): string {
  const given = input.text("llama-stack") ?? io.env.LLAMASTACK_ENDPOINT;
  if (given) return given;
  throw new AppError("usage", "Cannot run berth register: --llama-stack is not set", {
    hint: "Give its address, for example http://localhost:8321, or use --print.",
  });
}

function urlOf(text: string, option: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw new AppError(
    "usage",
    `Cannot run berth register: ${option} is ${JSON.stringify(text)}; expected an http(s) URL`,
  );
}

function wordsOf({ version, servers, connectors }: Registration): string {
  const lines = servers.flatMap(({ name, url, tools, toolgroup, responsesTool }) => [
    `${name}: ${tools.length} tools at ${url}${toolgroup === null ? "" : `, registered as ${toolgroup}`}`,
    `  tool for the Responses API: ${JSON.stringify(responsesTool)}`,
  ]);
  const fragment =
    connectors === null ? [] : ["", "For the configuration of the Llama Stack:", connectors];
  return [`Llama Stack ${version}`, ...lines, ...fragment].join("\n");
}
