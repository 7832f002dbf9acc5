import { type FormEvent, useState } from "react";
import { wordFor } from "../../core/language.ts";
import { call, type Refusal, send } from "../ui/api.ts";
import { useLoad } from "../ui/load.ts";
import { Notice, Problem } from "../ui/Notice.tsx";
import { useTask } from "../ui/task.ts";
import { useCommonWords } from "../ui/words.ts";
import { Reset } from "./Reset.tsx";
import { api } from "./service.ts";
import { useWords } from "./words.ts";

interface DatabaseStats {
  data: {
    users: number;
    contracts: number;
    claims_by_status: Record<string, number>;
    claims_total: number;
    knowledge_base: number;
    knowledge_base_embeddings: string;
    claim_documents_embeddings: string;
  };
}

/** Administration: what is stored, the way back to the sample data, and the audit log to take away. */
export function Admin() {
  const { words } = useWords();
  const [token, setToken] = useState("");
  const stats = useLoad(`stats ${token}`, (signal) =>
    call<DatabaseStats>(`${api}/admin/database-stats`, { signal, token }),
  );
  return (
    <>
      <h1>{words.administration}</h1>
      <TokenForm onToken={setToken} error={stats.error} />
      {stats.value && (
        <>
          <Counts stats={stats.value} />
          <Audit token={token} />
          <Reset token={token} onReset={stats.reload} />
        </>
      )}
    </>
  );
}

function TokenForm({
  onToken,
  error,
}: {
  onToken(token: string): void;
  error: Refusal | undefined;
}) {
  const { words } = useWords();
  const { words: common } = useCommonWords();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onToken(String(new FormData(event.currentTarget).get("token") ?? "").trim());
  };
  return (
    <form className="card" onSubmit={submit}>
      <label className="field">
        <span>{words.admin.token}</span>
        <input type="password" name="token" autoComplete="off" />
      </label>
      <Problem error={error} />
      <div className="row">
        <button type="submit">{common.enter}</button>
      </div>
    </form>
  );
}

function Counts({ stats: { data } }: { stats: DatabaseStats }) {
  const { words } = useWords();
  const statuses = Object.entries(data.claims_by_status).map(
    ([status, count]) => [wordFor(words.statuses, status), count] as const,
  );
  const { tables } = words.admin;
  const rows = [
    [tables.users, data.users],
    [tables.contracts, data.contracts],
    [tables.knowledge_base, data.knowledge_base],
    [tables.claims, data.claims_total],
    ...statuses,
    [words.admin.embeddings, data.knowledge_base_embeddings],
    [words.admin.documents, data.claim_documents_embeddings],
  ] as const;
  return (
    <section className="card" aria-label={words.admin.rows}>
      <h2>{words.admin.rows}</h2>
      <dl className="pairs">
        {rows.map(([name, count]) => (
          <div key={name} style={{ display: "contents" }}>
            <dt>{name}</dt>
            <dd>{count}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

type AuditPage = { entries: unknown[]; next_after: number | null };

function Audit({ token }: { token: string }) {
  const { words } = useWords();
  const [isSaved, setSaved] = useState(false);
  const task = useTask(async (format: "csv" | "json") => {
    const path = `${api}/admin/audit-log`;
    const blob =
      format === "csv"
        ? await (await send(`${path}?format=csv`, { token })).blob()
        : new Blob([JSON.stringify(await listAudit(path, token), null, 2)]);
    save(blob, `audit-log.${format}`);
    setSaved(true);
  });
  return (
    <section className="card" aria-label={words.admin.audit}>
      <h2>{words.admin.audit}</h2>
      <div className="row">
        <button type="button" onClick={() => task.run("csv")}>
          {words.admin.csv}
        </button>
        <button type="button" onClick={() => task.run("json")}>
          {words.admin.json}
        </button>
      </div>
      <Problem error={task.error} />
      {isSaved && <Notice tone="good">{words.admin.saved}</Notice>}
    </section>
  );
}

async function listAudit(path: string, token: string): Promise<unknown[]> {
  const entries: unknown[] = [];
  let after: number | null = 0;
  while (after !== null) {
    const page: AuditPage = await call<AuditPage>(`${path}?after=${after}`, { token });
    entries.push(...page.entries);
    after = page.next_after;
  }
  return entries;
}

function save(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
