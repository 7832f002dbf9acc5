import { AppError } from "../core/fault.ts";

/** The media ranges that admit JSON, the most specific first: it alone decides (RFC 9110, section 12.5.1). */
const rangesOfJson = ["application/json", "application/*", "*/*"];

/** Refuses a request whose Accept header leaves no room for JSON. */
export function requireJsonAccepted(request: Request): void {
  const accept = request.headers.get("accept");
  // What nearly every client sends is decided without parsing.
  if (!accept || accept === "*/*" || accept === "application/json") return;
  const qualities = new Map(accept.split(",").map(readRange));
  const deciding = rangesOfJson.find((range) => qualities.has(range));
  if (deciding === undefined || qualities.get(deciding) === 0) {
    throw new AppError("not_acceptable", "No acceptable representation");
  }
}

function readRange(text: string): [range: string, quality: number] {
  const [range = "", ...parameters] = text.split(";").map((part) => part.trim().toLowerCase());
  const quality = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2);
  return [range, Number(quality ?? 1)];
}
