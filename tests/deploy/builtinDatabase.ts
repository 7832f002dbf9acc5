import { SQL } from "bun";
import { type KubeObject, type Labels, podsOf, selects } from "../../tools/deploy/objects.ts";
import { podman } from "../../tools/deploy/podman.ts";

/** A chart's builtin database while it runs, as a kubelet and a client see it. */
export interface BuiltinDatabase {
  /** podman's name of its container. */
  container: string;
  /** What a kubelet runs in it before it tells it to end, and how long that and the end may take together. */
  hook: readonly string[];
  graceSeconds: number;
  /** Where it listens on loopback, as the service's own user. */
  url: string;
}

/** Finds the database behind a Service among rendered objects. */
export function builtinDatabaseOf(
  objects: readonly KubeObject[],
  service: string,
  port: number,
): BuiltinDatabase {
  const found = objects.find(
    ({ kind, metadata }) => kind === "Service" && metadata.name === service,
  );
  const pod = podsOf(objects).find(({ labels }) =>
    selects((found?.spec.selector ?? { none: "" }) as Labels, labels),
  );
  const [container] = pod?.spec.containers ?? [];
  if (!pod || !container) throw new Error(`no pod is behind the Service ${service}`);
  const envOf = (name: string): string => {
    const { value, valueFrom } = container.env?.find((each) => each.name === name) ?? {};
    const { name: secret, key = "" } = valueFrom?.secretKeyRef ?? {};
    const holder = objects.find(
      ({ kind, metadata }) => kind === "Secret" && metadata.name === secret,
    );
    return value ?? Buffer.from(holder?.data?.[key] ?? "", "base64").toString();
  };
  const login = `${envOf("POSTGRES_USER")}:${encodeURIComponent(envOf("POSTGRES_PASSWORD"))}`;
  return {
    container: `${service}-${container.name}`,
    hook: container.lifecycle?.preStop?.exec?.command ?? [],
    graceSeconds: pod.spec.terminationGracePeriodSeconds ?? 30,
    url: `postgres://${login}@127.0.0.1:${port}/${envOf("POSTGRES_DB")}`,
  };
}

/** What a container's state is, and its exit code. */
export async function stateOf(container: string): Promise<string> {
  const { out } = await podman([
    "inspect",
    "--format={{.State.Status}} {{.State.ExitCode}}",
    container,
  ]);
  return out.trim();
}

/** Everything that a container has logged. */
export async function logOf(container: string): Promise<string> {
  const { out, err } = await podman(["logs", container]);
  return out + err;
}

/** Clients of a database that are there when it ends. */
export interface Clients {
  /** The numbers whose rows were acknowledged. */
  acknowledged: number[];
  /** The process of the server that serves an open transaction. */
  pid: number;
  end(): Promise<void>;
}

/** Opens a transaction that has written the row 0 without a commit, and writes one row after the other beside it. */
export async function startClients(url: string): Promise<Clients> {
  const sql = new SQL(url, { max: 2 });
  await sql`create table acknowledged (number int primary key)`;
  const open = await sql.reserve();
  await open`begin`;
  await open`insert into acknowledged values (0)`;
  const [{ pid }] = await open`select pg_backend_pid() as pid`;
  const acknowledged: number[] = [];
  const write = async () => {
    for (let number = 1; ; number++) {
      await sql`insert into acknowledged values (${number})`;
      acknowledged.push(number);
    }
  };
  const ended = write().catch(() => undefined);
  return {
    acknowledged,
    pid,
    async end() {
      await ended;
      // Named here, because a connection that nobody names any more is collected and closed.
      open.release();
      await sql.close({ timeout: 0 });
    },
  };
}

/** The numbers of the rows that are stored. */
export async function storedNumbers(url: string): Promise<number[]> {
  const sql = new SQL(url, { max: 1 });
  const rows: { number: number }[] = await sql`select number from acknowledged order by number`;
  await sql.close();
  return rows.map(({ number }) => number);
}
