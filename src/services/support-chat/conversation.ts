import { Database } from "bun:sqlite";
import * as z from "zod";

/** How far a call of a tool is; `waiting` for a person's word. */
export const callStates = ["waiting", "running", "done", "failed", "denied"] as const;

/** One thing that was said or done in a conversation. */
export const Entry = z.discriminatedUnion("type", [
  z.object({ type: z.literal("user"), text: z.string() }),
  z.object({ type: z.literal("assistant"), text: z.string() }),
  z.object({
    type: z.literal("call"),
    call_id: z.string(),
    name: z.string(),
    arguments: z.record(z.string(), z.unknown()),
    is_read_only: z.boolean(),
    state: z.enum(callStates),
    output: z.unknown(),
  }),
]);
export type Entry = z.output<typeof Entry>;
export type CallEntry = Extract<Entry, { type: "call" }>;

/** After how many entries a conversation takes no further message, and the most conversations that are kept. */
export const entryLimitCount = 1_000;
const conversationLimitCount = 10_000;

/** The conversations; each entry is stored before it is shown. */
export interface Conversations {
  create(): string;
  /** undefined for one that is not there. */
  find(id: string): Entry[] | undefined;
  save(id: string, entries: readonly Entry[]): void;
  close(): void;
}

/** Opens the file, or a store in memory for `:memory:`. */
export function openConversations(path: string): Conversations {
  const database = new Database(path, { create: true, strict: true });
  database.run("pragma journal_mode = wal");
  database.run("pragma synchronous = full");
  database.run(
    "create table if not exists conversations (id text primary key, changed_at text not null, entries text not null)",
  );
  settleBroken(database);
  return {
    create() {
      const id = crypto.randomUUID();
      database.run("insert into conversations values (?, ?, '[]')", [id, now()]);
      database.run(
        "delete from conversations where id in (select id from conversations order by changed_at desc limit -1 offset ?)",
        [conversationLimitCount],
      );
      return id;
    },
    find(id) {
      const row = database
        .query<{ entries: string }, [string]>("select entries from conversations where id = ?")
        .get(id);
      return row === null ? undefined : z.array(Entry).parse(JSON.parse(row.entries));
    },
    save(id, entries) {
      database.run("update conversations set entries = ?, changed_at = ? where id = ?", [
        JSON.stringify(entries),
        now(),
        id,
      ]);
    },
    close: () => database.close(),
  };
}

/** What was running when the last process ended will never end: nobody knows how far it has come. */
function settleBroken(database: Database): void {
  const rows = database
    .query<{ id: string; entries: string }, []>(
      `select id, entries from conversations where entries like '%"state":"running"%'`,
    )
    .all();
  for (const { id, entries } of rows) {
    const settled = z
      .array(Entry)
      .parse(JSON.parse(entries))
      .map((entry) =>
        entry.type === "call" && entry.state === "running"
          ? {
              ...entry,
              state: "failed",
              output: { error: "the chat ended before the answer came" },
            }
          : entry,
      );
    database.run("update conversations set entries = ? where id = ?", [
      JSON.stringify(settled),
      id,
    ]);
  }
}

function now(): string {
  return new Date().toISOString();
}
