/** What every service says while its database is away. */
export const unavailableMessage = "The database is not available";

/** The reason phrases of the statuses that the services answer (RFC 9110, section 15, in its older wording for 413). */
const reasons: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  404: "Not Found",
  405: "Method Not Allowed",
  406: "Not Acceptable",
  409: "Conflict",
  413: "Payload Too Large",
  415: "Unsupported Media Type",
  503: "Service Unavailable",
};

export function reasonOf(status: number): string {
  return reasons[status] ?? "Internal Server Error";
}
