import type { Hosted } from "./hosted.ts";
import type { ListedTool } from "./tool-filter.ts";
import { type NamedTool, nameTools } from "./tool-names.ts";

/** How long one server may take to list its tools, in milliseconds; then the others are listed without it. */
const listLimitMs = 5_000;

/** A tool and the server that has it. */
export interface HostedTool {
  hosted: Hosted;
  listed: ListedTool;
}

export type CatalogEntry = NamedTool<HostedTool>;

/** The tools of all servers, under names that no two of them share; kept until one of the servers changes. */
export class Catalog {
  /** Set by the owner: what was listed is no longer so. */
  onChanged: () => void = () => undefined;
  readonly #hosted: readonly Hosted[];
  #entries: readonly CatalogEntry[] | undefined;
  #latest: readonly CatalogEntry[] = [];
  #generation = 0;
  #isTold = false;

  constructor(hosted: readonly Hosted[]) {
    this.#hosted = hosted;
  }

  /** What was listed last, even where a server was missing or has changed since. */
  get latest(): readonly CatalogEntry[] {
    return this.#latest;
  }

  /** What was listed last, if nothing has changed since. */
  known(): readonly CatalogEntry[] | undefined {
    return this.#entries;
  }

  /** In the order of the servers' names and then of their own lists. A server that does not answer is left out. */
  async list(): Promise<readonly CatalogEntry[]> {
    this.#isTold = true;
    if (this.#entries !== undefined) return this.#entries;
    const generation = this.#generation;
    const lists = await Promise.all(this.#hosted.map(listOf));
    const entries = nameTools(
      lists.flatMap((list) => list ?? []),
      ({ hosted, listed }) => ({
        prefix: hosted.name,
        name: listed.name,
      }),
    );
    this.#latest = entries;
    const isWhole = lists.every((list) => list !== undefined);
    if (generation === this.#generation && isWhole) this.#entries = entries;
    return entries;
  }

  /** One of the servers may list something else now. */
  forget(): void {
    this.#generation++;
    this.#entries = undefined;
    // Nobody has to hear of a change who was never told.
    if (!this.#isTold) return;
    this.#isTold = false;
    this.onChanged();
  }
}

export function findEntry(
  entries: readonly CatalogEntry[],
  name: unknown,
): CatalogEntry | undefined {
  return entries.find((entry) => entry.name === name);
}

async function listOf(hosted: Hosted): Promise<HostedTool[] | undefined> {
  const late = Bun.sleep(listLimitMs).then(() => undefined);
  const tools = await Promise.race([hosted.findTools(), late]);
  return tools?.map((listed) => ({ hosted, listed }));
}
