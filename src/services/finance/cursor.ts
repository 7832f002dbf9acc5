import * as z from "zod";

/** A place in a list: after this row. */
export interface Cursor {
  date: string;
  id: number;
}

const form = z.tuple([z.string().regex(/^\d{4,6}-\d\d-\d\dT[\d:.]{8,15}$/), z.int().min(0)]);

/** Opaque to callers: they hand it back as they got it. */
export function printCursor({ date, id }: Cursor): string {
  return Buffer.from(JSON.stringify([date, id])).toString("base64url");
}

/** The place that a printed cursor means, or undefined for any other text. */
export function readCursor(text: string): Cursor | undefined {
  const parsed = form.safeParse(parseJson(Buffer.from(text, "base64url").toString()));
  return parsed.success ? { date: parsed.data[0], id: parsed.data[1] } : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
