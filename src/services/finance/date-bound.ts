/** Which end of a period a date stands for: a day begins at its first instant and ends at its last one. */
export type Bound = "start" | "end";

const isoForm =
  /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:?\d\d)?)?$/;
/** The largest distance from UTC that ISO 8601 offsets have, in minutes. */
const offsetLimitMinutes = 18 * 60;

/**
 * Reads one end of a period: an ISO 8601 date, a local date-time, one with `Z` or an offset (converted to UTC), or the
 * array `[year, month, day, hour, minute(, second)]`. Undefined when it is none of these.
 * The result is a timestamp for PostgreSQL in microseconds, the precision of what it is compared with.
 */
export function readDateBound(value: unknown, bound: Bound): string | undefined {
  const text = Array.isArray(value) ? textOfParts(value) : value;
  const match = typeof text === "string" ? isoForm.exec(text) : null;
  if (!match) return undefined;
  const [, year, month, day, hour, minute = "00", second = "00", fraction = "", zone] = match;
  const date = readDate(Number(year), Number(month), Number(day));
  const offset = readOffsetMinutes(zone ?? "Z");
  if (date === undefined || offset === undefined) return undefined;
  if (hour === undefined) return print(date, bound === "start" ? 0 : 86_400_000_000 - 1);
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const minutes = Number(hour) * 60 + Number(minute) - offset;
  return print(date, minutes * 60_000_000 + readMicroseconds(second, fraction, bound));
}

function textOfParts(parts: readonly unknown[]): string | undefined {
  if (parts.length !== 5 && parts.length !== 6) return undefined;
  if (!parts.every((part) => typeof part === "string" && /^\d{1,4}$/.test(part))) return undefined;
  const [year = "", ...rest] = parts.map(String);
  const [month, day, hour, minute, second = "00"] = rest.map((part) => part.padStart(2, "0"));
  return `${year.padStart(4, "0")}-${month}-${day}T${hour}:${minute}:${second}`;
}

/** Midnight of a day that is in the calendar. */
function readDate(year: number, month: number, day: number): Date | undefined {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const isInCalendar = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return isInCalendar ? date : undefined;
}

/** Minutes east of UTC. */
function readOffsetMinutes(zone: string): number | undefined {
  if (zone === "Z") return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  if (Number(zone.slice(-2)) > 59 || minutes > offsetLimitMinutes) return undefined;
  return zone.startsWith("-") ? -minutes : minutes;
}

/** Stored values are whole microseconds, so a start is rounded up and an end down without changing what is inside. */
function readMicroseconds(second: string, fraction: string, bound: Bound): number {
  const micros = Number(fraction.padEnd(9, "0")) / 1000;
  return Number(second) * 1_000_000 + (bound === "start" ? Math.ceil(micros) : Math.floor(micros));
}

/** PostgreSQL has no year 0: it counts 1 BC before AD 1. */
function print(midnight: Date, micros: number): string {
  const instant = new Date(midnight.getTime() + Math.floor(micros / 1000));
  const year = instant.getUTCFullYear();
  const [, rest = ""] = /(-\d\d-\d\dT.*)Z$/.exec(instant.toISOString()) ?? [];
  const fraction = String(((micros % 1000) + 1000) % 1000).padStart(3, "0");
  const printedYear = String(year > 0 ? year : 1 - year).padStart(4, "0");
  return `${printedYear}${rest}${fraction}${year > 0 ? "" : " BC"}`;
}
