import { failed, faultOf } from "./upstreamFailure.ts";

/** The largest answer that is read, in bytes: far above any page that the services send. */
export const answerLimitBytes: number = 32 * 1024 * 1024;

export interface UpstreamAnswer {
  status: number;
  headers: Pick<Headers, "get">;
  /** The parsed JSON body; undefined when the answer had none. */
  body: unknown;
}

/** Reads an answer up to the limit; the rest of a longer one is never fetched. */
export async function readText(response: Response, service: string): Promise<string> {
  const declaredBytes = Number(response.headers.get("content-length") ?? Number.NaN);
  // A length may be a lie only about encoded bodies, whose decoded size nobody declares.
  if (declaredBytes <= answerLimitBytes && !response.headers.has("content-encoding")) {
    return response.text();
  }
  const decoder = new TextDecoder();
  let text = "";
  let receivedBytes = declaredBytes > answerLimitBytes ? declaredBytes : 0;
  if (receivedBytes === 0) {
    for await (const chunk of response.body ?? []) {
      receivedBytes += chunk.byteLength;
      if (receivedBytes > answerLimitBytes) break;
      text += decoder.decode(chunk, { stream: true });
    }
  }
  if (receivedBytes <= answerLimitBytes) return text + decoder.decode();
  const detail = `${service}: answer over ${answerLimitBytes} bytes`;
  throw failed("upstream_invalid", "Invalid backend response", detail);
}

/** Parses the body. Rejects what is no 2xx and what is no JSON. */
export function readAnswer(
  service: string,
  response: Pick<UpstreamAnswer, "status" | "headers">,
  text: string,
): UpstreamAnswer {
  const { status } = response;
  const body = text === "" ? undefined : parseJson(text);
  if (status < 200 || status > 299) {
    const fault = faultOf(status);
    throw failed(fault, `HTTP ${status}`, body === notJson ? text : (body ?? null), status);
  }
  if (body === notJson) {
    throw failed(
      "upstream_invalid",
      "Invalid backend response",
      `${service}: the body is not JSON`,
      status,
    );
  }
  return { status, headers: response.headers, body };
}

const notJson = Symbol("not JSON");

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return notJson;
  }
}
