import { join } from "node:path";
import { openPrison, type Prison, type Started } from "./jailed.ts";

export const isRoot: boolean = process.getuid?.() === 0;
/**
 * What OpenShift's restricted-v2 makes of a container: any user id, no capability, no way to a
 * privilege.
 */
const arbitraryUser = [
  ...["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"],
  ...["--no-new-privs", "--bounding-set=-all"],
];
/** Who runs the programs that try to escape. */
export const users: readonly (readonly [string, readonly string[]])[] = [
  ["this user", []],
  ...(isRoot ? ([["an arbitrary user id without capabilities", arbitraryUser]] as const) : []),
];

/** A prison with a sibling to attack and a server to reach. */
export interface Cell {
  prison: Prison;
  sibling: Started;
  /** What the attempts are told. */
  env: Record<string, string>;
  /** Host and port of the server. */
  local: string;
  /** Runs attempts: what the program saw, and what was told of its refusals. */
  outcomes(names: readonly string[], grants?: unknown): Promise<unknown>;
  close(): Promise<void>;
}

export async function openCell(wrapper: readonly string[]): Promise<Cell> {
  const prison = await openPrison({ wrapper });
  const sibling = await prison.start(prison.runtime, ["-e", "setTimeout(() => {}, 60_000)"]);
  const fetch = () => new Response("reached");
  const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch });
  const local = `127.0.0.1:${server.port}`;
  const places = { SIBLING: `${sibling.pid}`, OUTSIDE: prison.outside };
  const env = { ...places, PORT: `${server.port}`, TARGET: `http://${local}/` };
  /** With what differs from run to run by its name. */
  const plain = (text: string) =>
    text
      .replaceAll(prison.outside, "OUTSIDE")
      .replaceAll(prison.bundle, "BUNDLE")
      .replaceAll(`${process.pid}`, "RUNTIME")
      .replaceAll(`${sibling.pid}`, "SIBLING")
      .replaceAll(local, "127.0.0.1:PORT")
      .replaceAll(`:${prison.egress.port}`, ":PROXY");
  return {
    ...{ prison, sibling, env, local },
    async outcomes(names, grants = {}) {
      const words = [join(prison.bundle, "attempts.js"), ...names];
      const started = await prison.start(prison.runtime, words, { env, grants });
      const { out: seen, stderr, exitCode } = await started.result;
      const refusals = (await started.refusals()).map(plain);
      return { out: seen, stderr, exitCode, refusals };
    },
    async close() {
      sibling.kill();
      await sibling.result;
      await server.stop(true);
      await prison.close();
    },
  };
}

export const all = (outcome: string, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, outcome]));

/** The whole outcome: what the program saw, and the reason that was told for each refusal. */
export const out = (expected: Record<string, unknown>, refusals: readonly string[] = []) => ({
  ...{ out: expected, stderr: "", exitCode: 0 },
  refusals: [...refusals].sort(),
});
