import { AppError, type Fault } from "../../core/fault.ts";
import { type Command, oneOperand } from "./command.ts";

export const tailCommand: Command = {
  name: "tail",
  about:
    "Follows what happens in one server of a running Berth: starts, calls, stderr, limits and ends.",
  operands: "<name>",
  notes: "The token that an operator needs is read from BERTH_TOKEN.",
  options: {
    url: {
      value: "<url>",
      about: "The running Berth [env: BERTH_URL] (default: http://127.0.0.1:8080)",
    },
    last: { value: "<count>", about: "How many earlier events come first (default: 50)" },
    "no-follow": { about: "Prints what there is and ends." },
    json: { about: "Prints each event as one JSON object." },
  },
  examples: ["berth tail customer-mcp", "berth tail customer-mcp --last 5 --no-follow --json"],
  async run(input, io) {
    const name = oneOperand(tailCommand, input);
    const last = input.text("last") ?? "50";
    if (!/^\d{1,6}$/.test(last)) {
      throw new AppError(
        "usage",
        `Cannot run berth tail: --last is ${JSON.stringify(last)}; expected a number`,
      );
    }
    const base = input.text("url") ?? io.env.BERTH_URL ?? "http://127.0.0.1:8080";
    const query = `last=${last}&follow=${!input.isSet("no-follow")}`;
    const token = io.env.BERTH_TOKEN;
    const response = await open(`${base.replace(/\/+$/, "")}/${name}/events?${query}`, token);
    for await (const event of readEvents(response)) {
      io.print(input.isSet("json") ? event : wordsOf(JSON.parse(event)));
    }
    return 0;
  },
};

async function open(url: string, token: string | undefined): Promise<Response> {
  const headers = token ? { authorization: `Bearer ${token}` } : {};
  const response = await fetch(url, { headers }).catch((cause: unknown) => {
    throw new AppError("unavailable", `Cannot follow ${url}: no answer`, {
      hint: "Start `berth serve`, or give its address with --url.",
      cause,
    });
  });
  if (response.ok) return response;
  const { fault, hint } = refusals[response.status] ?? unforeseen;
  throw new AppError(fault, `Cannot follow ${url}: HTTP ${response.status}`, { hint });
}

const unforeseen = { fault: "unavailable", hint: "See what the running Berth logs." } as const;
const refusals: Readonly<Record<number, { fault: Fault; hint: string }>> = {
  401: { fault: "unauthorized", hint: "Set BERTH_TOKEN to a token of berth.json." },
  403: {
    fault: "forbidden",
    hint: 'Give the token "tail": true and the server in auth.tokens of berth.json.',
  },
  404: { fault: "not_found", hint: "See berth list for the names." },
};

async function* readEvents(response: Response): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    const events = text.split("\n\n");
    text = events.pop() ?? "";
    for (const event of events) if (event.startsWith("data: ")) yield event.slice("data: ".length);
  }
}

/** One line: when, what, and its members. Lines of stderr show as they are, without control characters. */
function wordsOf({ at, kind, ...members }: Record<string, unknown>): string {
  const rest = Object.entries(members)
    .filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0))
    .map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`);
  return `${at} ${String(kind).padEnd(12)} ${rest.join(" ")}`.replace(/\p{Cc}/gu, " ");
}
