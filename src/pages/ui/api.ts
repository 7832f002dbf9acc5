/** A refusal by a service, in its own words. */
export class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** There was no answer, or an end of it that came too early: nobody has said anything, so the page says it. */
export class NoAnswer extends Refusal {
  readonly kind: "noAnswer" | "lost";

  constructor(kind: NoAnswer["kind"]) {
    super(0, kind);
    this.kind = kind;
  }
}

const tokenKey = "berth.token";
/** How long a request may take before it counts as unanswered, in milliseconds; long answers say so themselves. */
const requestLimitMs = 60_000;

/** The reader's bearer token; kept for this tab only. */
export function readToken(): string {
  return sessionStorage.getItem(tokenKey) ?? "";
}

export function keepToken(token: string): void {
  if (token === "") sessionStorage.removeItem(tokenKey);
  else sessionStorage.setItem(tokenKey, token);
}

export interface CallOptions {
  method?: string;
  /** Sent as JSON, but for a form, which goes as it is. */
  body?: unknown;
  token?: string | undefined;
  signal?: AbortSignal | undefined;
  limitMs?: number;
}

/**
 * Sends a request of the page, with the reader's token, to an address relative to the page.
 * @throws Refusal when the answer is one; its status is 0 when there was no answer.
 */
export async function send(path: string, options: CallOptions = {}): Promise<Response> {
  const { method = "GET", body, signal, limitMs = requestLimitMs } = options;
  const token = options.token || readToken();
  const isForm = body instanceof FormData;
  const limits = [AbortSignal.timeout(limitMs), ...(signal ? [signal] : [])];
  const response = await fetch(path, {
    method,
    signal: AbortSignal.any(limits),
    headers: {
      accept: "application/json, */*;q=0.5",
      ...(token !== "" && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && !isForm && { "content-type": "application/json" }),
    },
    ...(body !== undefined && { body: isForm ? body : JSON.stringify(body) }),
  }).catch((cause: unknown) => {
    if (signal?.aborted) throw cause;
    throw new NoAnswer("noAnswer");
  });
  if (response.ok) return response;
  throw new Refusal(response.status, reasonOf(await response.text(), response.status));
}

/** The same, its answer read as JSON. The type is that of the service's own schema. */
export async function call<Answer>(path: string, options?: CallOptions): Promise<Answer> {
  const response = await send(path, options);
  // The service validates its answers' shape by the same schema in its own tests.
  return (await response.json()) as Answer;
}

/** What a refusal says: `detail` of a text or a list, `error.message` of JSON-RPC, or `message`. */
function reasonOf(text: string, status: number): string {
  const said = parse(text);
  const detail = said?.detail ?? said?.error?.message ?? said?.message ?? said?.error;
  if (typeof detail === "string") return detail;
  if (!Array.isArray(detail)) return `HTTP ${status}`;
  return detail.map(({ loc, msg }) => `${[loc].flat().slice(1).join(".")}: ${msg}`).join("; ");
}

interface Said {
  detail?: unknown;
  message?: unknown;
  error?: { message?: unknown };
}

function parse(text: string): Said | undefined {
  try {
    const value: unknown = JSON.parse(text);
    // Members of anything can be asked for; what is no text is passed over above.
    return typeof value === "object" && value !== null ? (value as Said) : undefined;
  } catch {
    return undefined;
  }
}
