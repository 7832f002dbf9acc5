import type { Permissions, Rule } from "./permissions.ts";

/**
 * Says in plain words what permissions let a server do: one sentence a kind, for `berth info`.
 * @param own What it reads without a grant: a bundle its folder, a command its program.
 */
export function explainPermissions(permissions: Permissions, own = "its own folder"): string[] {
  const { read, write, net, env, run } = permissions;
  return [
    sentence(read, {
      all: "Reads every file that this user may read.",
      some: (list) => `Reads ${own}, its temporary folder and ${list}.`,
      none: `Reads ${own} and its temporary folder, nothing else of yours.`,
    }),
    sentence(write, {
      all: "Writes every file that this user may write.",
      some: (list) => `Writes its temporary folder and ${list}.`,
      none: "Writes its temporary folder only.",
    }),
    explainNet(net),
    sentence(env, {
      all: "Sees the whole environment, the secrets in it included.",
      some: (list) => `Sees the environment variables ${list}.`,
      none: "Sees no environment variable beyond its own settings.",
    }),
    sentence(run, {
      all: "Starts any program, inside the same jail; code that it may read is code that it may run.",
      some: (list) => `Starts ${list}, inside the same jail.`,
      none: "Starts no other program and no other process.",
    }),
  ];
}

function explainNet(net: Rule): string {
  const denied = net.deny.length > 0 ? `, except ${joined(net.deny)}` : "";
  return sentence(net, {
    all:
      denied === ""
        ? "Uses the whole network: any host, this machine and its neighbours included, TCP and UDP, and it may listen."
        : `Reaches any host over HTTP(S) through Berth's proxy${denied}.`,
    some: (list) =>
      `Reaches ${list}${denied}, over HTTP(S) through Berth's proxy, and no other host.`,
    none: "Uses no network at all.",
  });
}

function sentence(
  rule: Rule,
  words: { all: string; some: (list: string) => string; none: string },
): string {
  if (rule.allow === true) return words.all;
  return rule.allow.length > 0 ? words.some(joined(rule.allow)) : words.none;
}

function joined(entries: readonly string[]): string {
  if (entries.length < 2) return entries.join("");
  return `${entries.slice(0, -1).join(", ")} and ${entries.at(-1)}`;
}
