import type { Position } from "./events.ts";

/** The id that stands for the beginning of a stream, whichever it is. */
export const beginning = "0";
/** The epoch of ids that no stream has given out, such as numbers alone; no stream has it. */
const foreign = "00000000-0000-0000-0000-000000000000";

const ourForm = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}):(\d{1,9})$/;

/** The id of an event, for clients to come back with: `<epoch>:<number>`. */
export function printEventId({ epoch, number }: Position): string {
  return `${epoch}:${number}`;
}

/** The place that an id names: undefined for the beginning; an id that is none of ours is a place in another stream. */
export function readEventId(id: string): Position | undefined {
  if (id === "" || id === beginning) return undefined;
  const [, epoch = foreign, number = "0"] = ourForm.exec(id) ?? [];
  return { epoch, number: Number(number) };
}
