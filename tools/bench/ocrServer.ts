import { readdirSync, readFileSync } from "node:fs";
import { residentMiB } from "./program.ts";

/** How long one document may take, in milliseconds. */
const callLimitMs = 600_000;

/** What ocr_document answers, as far as the bench looks at it. */
export interface ReadDocument {
  success: boolean;
  raw_text: string;
  confidence: number;
  pages: readonly { page: number; source: string; confidence: number; rotation: number }[];
  fields?: Record<string, { value: string | number | null } | null>;
  error?: string;
}

/** The OCR server as a stdio child. */
export interface OcrServer {
  /** Calls ocr_document; fails when the answer is an error. */
  read(args: Record<string, unknown>): Promise<ReadDocument>;
  /** Resident memory of the server and its children, in MiB. */
  memoryMiB(): number;
  close(): Promise<void>;
}

/** Starts the server and has answered initialize when it returns. */
export async function openOcrServer(
  command: readonly string[],
  documentsRoot: string,
): Promise<OcrServer> {
  const child = Bun.spawn([...command], {
    stdin: "pipe",
    stdout: "pipe",
    stderr: "ignore",
    env: { PATH: process.env.PATH, DOCUMENTS_ROOT: documentsRoot, LOG_LEVEL: "error" },
  });
  const waiting = new Map<number, (message: Answer) => void>();
  const ended = eachLine(child.stdout, (line) => {
    const message: Answer = JSON.parse(line);
    waiting.get(message.id ?? 0)?.(message);
  });
  let lastId = 0;
  const request = (method: string, params: unknown): Promise<Answer> => {
    const id = ++lastId;
    child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id, method, params })}\n`);
    child.stdin.flush();
    return new Promise((resolve, reject) => {
      const limit = setTimeout(() => reject(new Error(`no answer to ${method}`)), callLimitMs);
      waiting.set(id, (message) => {
        clearTimeout(limit);
        waiting.delete(id);
        resolve(message);
      });
    });
  };
  const clientInfo = { name: "bench", version: "1.0.0" };
  await request("initialize", { protocolVersion: "2025-11-25", capabilities: {}, clientInfo });
  child.stdin.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n');
  return {
    async read(args) {
      return resultOf(await request("tools/call", { name: "ocr_document", arguments: args }), args);
    },
    memoryMiB: () => familyOf(child.pid).reduce((sum, pid) => sum + residentMiB(pid), 0),
    async close() {
      child.stdin.end();
      await ended;
      await child.exited;
    },
  };
}

async function eachLine(
  stream: ReadableStream<Uint8Array>,
  take: (line: string) => void,
): Promise<void> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) take(line);
  }
}

interface Answer {
  id?: number;
  error?: { message: string };
  result?: { isError?: boolean; content: { text: string }[]; structuredContent?: ReadDocument };
}

function resultOf({ error, result }: Answer, args: unknown): ReadDocument {
  const found = result?.structuredContent;
  if (error === undefined && found !== undefined && result?.isError !== true) return found;
  const reason = error?.message ?? result?.content[0]?.text;
  throw new Error(`Cannot read ${JSON.stringify(args)}: ${reason}`);
}

/** A process and all that descend from it. */
function familyOf(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8").split(" ").filter(Boolean),
  );
  return [pid, ...children.map(Number).flatMap(familyOf)];
}
