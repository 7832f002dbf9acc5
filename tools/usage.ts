/** What a tool takes, for its help and for refusing what it does not know. */
interface Usage {
  about: string;
  /** What each option does; one that takes a value has it in angle brackets. */
  options: Readonly<Record<string, string>>;
  /** What its other words are; without it there are none. */
  words?: string;
}

/** The tools but for those that read their settings as the product's programs do. */
const usages: Readonly<Record<string, Usage>> = {
  up: {
    about:
      "Starts PostgreSQL, the services, Berth with the MCP servers, and the pages, until Ctrl-C",
    options: {},
  },
  demo: {
    about: "Tells the stories of the README through real MCP calls; exit code 1 when a step fails",
    options: {},
  },
  check: {
    about: "Runs the gate and all tests",
    options: { "--quick": "only the gate and the unit tests, which take a minute" },
  },
  build: {
    about: "Builds every server and service, or the named ones, into dist/",
    options: {},
    words: "[name…]",
  },
  interop: {
    about: "Runs our built servers inside real Llama Stack and OGX servers, and prints what works",
    options: {
      "--only <version>": "this version alone",
      "--case <words>": "the cases whose names have these words",
      "--runs <count>": "so many times; a cell is right when it was right each time",
      "--story": "the dialogue of the FantaCo story alone, told in full",
      "--keep": "runs nothing: leaves one version up, with a model of rules, until Ctrl-C",
      "--check": "fails when the matrix in docs/llama-stack.md is not what was found",
    },
  },
  image: {
    about: "Builds the images without a daemon or a registry, and prints their sizes",
    options: {
      "--arch <amd64|arm64>": "the architecture; this machine's own without it",
      "--base <image>": "another base image than the own one",
      "--server <name>":
        "an MCP server that gets an image of its own, any number of times; customer-mcp without it",
    },
  },
  imageTest: {
    about: "Runs the built images as OpenShift would",
    options: {
      "--arch <amd64|arm64>": "the architecture; another than this machine's is emulated",
    },
  },
  deploy: {
    about: "Proves what can be proved of the deployment on one machine, or the named parts of it",
    options: {},
    words: "[part…]",
  },
};

/** How a tool is asked for where that is not its own name. */
const scripts: Readonly<Record<string, string>> = {
  imageTest: "image:test",
  deploy: "check:deploy",
};

/** What is to be said instead of running the tool: its help, or why the arguments are refused; undefined to run it. */
export function sayInstead(
  tool: string,
  args: readonly string[],
): { text: string; code: 0 | 2 } | undefined {
  const usage = usages[tool];
  if (usage === undefined) return undefined;
  const command = `bun run ${scripts[tool] ?? tool}`;
  if (args.includes("--help") || args.includes("-h")) {
    return { text: helpOf(command, usage), code: 0 };
  }
  const unknown = findUnknown(args, usage);
  if (unknown === undefined) return undefined;
  return { text: `Cannot run "${command}" with ${unknown}\nhint: ${command} --help`, code: 2 };
}

function helpOf(command: string, { about, options, words }: Usage): string {
  const names = Object.keys(options);
  const width = Math.max(...names.map((name) => name.length));
  const usage = [command, ...(names.length > 0 ? ["[options]"] : []), ...(words ? [words] : [])];
  const rows = names.map((name) => `  ${name.padEnd(width)}  ${options[name]}`);
  const lines = [`${about}.`, "", `Usage: ${usage.join(" ")}`];
  return [...lines, ...(rows.length > 0 ? ["", "Options:", ...rows] : [])].join("\n");
}

/** The first argument that the tool does not take, with what is wrong with it. */
function findUnknown(args: readonly string[], { options, words }: Usage): string | undefined {
  for (let index = 0; index < args.length; index++) {
    const argument = args[index] ?? "";
    const option = Object.keys(options).find((name) => name.split(" ")[0] === argument);
    if (option?.includes(" ")) {
      index += 1;
      if (args[index] === undefined) return `"${argument}": expected ${option}`;
    } else if (option === undefined && (argument.startsWith("-") || words === undefined)) {
      return `"${argument}": it takes no such argument`;
    }
  }
  return undefined;
}
