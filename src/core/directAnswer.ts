/** The longest head of an answer, in bytes; none of our services comes near. */
const headLimitBytes = 16 * 1024;

/** What a plain answer is: HTTP/1.1, no redirect, a length, nothing encoded. */
const plainStatus = /^HTTP\/1\.1 ([245]\d\d)(?: |\r)/;
const plainLength = /\r\ncontent-length: *(\d{1,8})(?=\r|$)/i;
const otherForms =
  /\r\n(transfer-encoding|content-encoding|trailer|upgrade):|\r\nconnection: *close/i;
const headEnd = Buffer.from("\r\n\r\n");

/** One whole answer. Its headers are searched when one is asked for, because most callers never look. */
export class DirectAnswer {
  readonly status: number;
  readonly text: string;
  readonly #head: string;

  constructor(status: number, head: string, text: string) {
    this.status = status;
    this.#head = head;
    this.text = text;
  }

  get headers(): Pick<Headers, "get"> {
    return this;
  }

  get(name: string): string | null {
    const wanted = name.toLowerCase();
    for (const line of this.#head.split("\r\n").slice(1)) {
      const colon = line.indexOf(":");
      if (line.slice(0, colon).toLowerCase() === wanted) return line.slice(colon + 1).trim();
    }
    return null;
  }
}

/** What has come of an answer so far. */
export interface Received {
  parts: Buffer[];
  receivedBytes: number;
  /** How many bytes it will have; known once its head is there. */
  wantedBytes: number | undefined;
}

/** Adds what has come to the answer and returns it when it is whole; `other` means that it is not of the plain form. */
export function takeAnswer(
  read: Received,
  chunk: Buffer,
  limitBytes: number,
): DirectAnswer | "incomplete" | "other" {
  read.receivedBytes += chunk.length;
  const { wantedBytes, parts, receivedBytes } = read;
  if (wantedBytes !== undefined && receivedBytes < wantedBytes) {
    parts.push(Buffer.from(chunk));
    return "incomplete";
  }
  const bytes = parts.length === 0 ? chunk : Buffer.concat([...parts, chunk]);
  const end = bytes.indexOf(headEnd);
  if (end === -1 && bytes.length <= headLimitBytes) {
    // The socket uses its buffer again.
    read.parts = [Buffer.from(bytes)];
    return "incomplete";
  }
  const head = bytes.toString("latin1", 0, Math.max(end, 0));
  const status = plainStatus.exec(head)?.[1];
  const length = Number(plainLength.exec(head)?.[1] ?? Number.NaN);
  if (status === undefined || !(length <= limitBytes) || otherForms.test(head)) return "other";
  const start = end + headEnd.length;
  read.wantedBytes = start + length;
  if (bytes.length > read.wantedBytes) return "other";
  if (bytes.length === read.wantedBytes) {
    return new DirectAnswer(Number(status), head, bytes.toString("utf8", start));
  }
  read.parts = [Buffer.from(bytes)];
  return "incomplete";
}
