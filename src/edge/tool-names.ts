import { createHash } from "node:crypto";

/** What model back ends take as a name of a function; MCP itself would allow dots and 128 characters. */
const nameLimit = 64;
const hashLength = 8;

/** A tool of one server, under the name that clients of many servers know it by. */
export interface NamedTool<T> {
  name: string;
  tool: T;
}

/**
 * Gives each tool a name of `[A-Za-z0-9_-]{1,64}` that no other has. A name that had to be changed, or that two tools
 * would share, ends with a hash of where it comes from: so it does not depend on the order of the tools.
 */
export function nameTools<T>(
  tools: readonly T[],
  originOf: (tool: T) => { prefix: string; name: string },
): NamedTool<T>[] {
  const wanted = tools.map((tool) => {
    const { prefix, name } = originOf(tool);
    const plain = prefix === "" ? name : `${prefix}_${name}`;
    return {
      tool,
      plain,
      safe: plain.replace(/[^A-Za-z0-9_-]/g, "_"),
      origin: `${prefix}\0${name}`,
    };
  });
  const counts = new Map<string, number>();
  for (const { safe } of wanted) counts.set(safe, (counts.get(safe) ?? 0) + 1);
  return wanted.map(({ tool, plain, safe, origin }) => {
    const isFree = safe === plain && counts.get(safe) === 1 && safe.length <= nameLimit;
    return { tool, name: isFree ? safe : hashed(safe, origin) };
  });
}

function hashed(safe: string, origin: string): string {
  const hash = createHash("sha256").update(origin).digest("hex").slice(0, hashLength);
  return `${safe.slice(0, nameLimit - hashLength - 1)}_${hash}`;
}
