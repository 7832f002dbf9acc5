import { type SocketOptions, socketPolicy } from "./socket-policy.ts";

/** What of a jail this kernel does not enforce, in words that follow "not enforced:". */
export function unenforced(options: SocketOptions): string[] {
  const { permissions, support } = options;
  const { read, write, run } = permissions;
  const sockets = socketPolicy(options);
  const runs = run.allow === true || run.allow.length > 0;
  const table: readonly (readonly [lacking: boolean, what: string])[] = [
    [!support.paths && read.allow !== true, "which files it reads"],
    [!support.paths && write.allow !== true, "which files it writes"],
    [!support.paths && runs && run.allow !== true, "which programs it starts"],
    [!support.calls && !runs, "that it starts no program"],
    [!support.processes, "that it cannot read or trace other processes"],
    [!support.signals && (runs || !support.calls), "that it cannot signal other processes"],
    [!support.calls && sockets === "none", "that it uses no network"],
    [
      (!support.calls || !support.ports) && (sockets === "brokered" || sockets === "proxied"),
      "that it connects to Berth's proxy only",
    ],
    [
      support.calls && support.ports && sockets === "proxied",
      `that it connects to no other machine at the proxy's port ${options.proxyPort ?? ""}`.trim(),
    ],
  ];
  return table.filter(([lacking]) => lacking).map(([, what]) => what);
}
