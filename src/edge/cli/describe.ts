import { explainPermissions } from "../explain.ts";
import type { Manifest, UserOption } from "../manifest.ts";
import { type Permissions, permissionKinds, type Rule } from "../permissions.ts";
import type { SignatureState } from "../signature.ts";
import type { BundleInfo } from "./info.ts";

/** The text of `berth info`. */
export function describe(info: BundleInfo): string {
  const { manifest } = info;
  const title = manifest.display_name ?? manifest.name;
  const parts = [
    `${title} ${manifest.version} (${info.name})\n${manifest.description}`,
    section("Origin", originOf(info)),
    section("Runs", [runsOf(manifest)]),
    section("Tools", toolsOf(manifest)),
    section("Needs", Object.entries(manifest.user_config ?? {}).map(needOf)),
    section("Asks for", info.asks === null ? [sayNothing] : permissionLines(info.asks)),
    info.grants === null ? "" : section("Is granted", permissionLines(info.grants)),
    info.effective === null ? "" : section("May do", explainPermissions(info.effective)),
    info.problem === null ? "" : section("Cannot be started yet", [info.problem]),
  ];
  return parts.filter(Boolean).join("\n\n");
}

const sayNothing =
  "Its manifest says nothing about permissions. It may do what you grant it in berth.json, and nothing else.";

/** A part of the text: its title, and its lines below. */
export function section(title: string, lines: readonly string[]): string {
  return `${title}:\n${(lines.length === 0 ? ["Nothing."] : lines).map((line) => `  ${line}`).join("\n")}`;
}

function originOf({ manifest, path, sha256, signature, lock }: BundleInfo): string[] {
  return [
    `by ${manifest.author.name}${manifest.license ? `, ${manifest.license}` : ""}`,
    path,
    ...(sha256 === null ? [] : [`content sha256 ${sha256}`]),
    ...(signature === null ? [] : [signatureText(signature)]),
    ...(sha256 !== null && lock === null ? ["not installed: its content is not pinned"] : []),
    ...(lock === null
      ? []
      : [
          `installed ${lock.installedAt}, ${lock.signedBy === null ? "signed by no trusted key" : `signed by ${lock.signedBy}`}`,
        ]),
  ];
}

function signatureText(signature: SignatureState): string {
  if (signature.status === "unsigned") return "not signed";
  if (signature.status === "trusted")
    return `signed by ${signature.by} (${signature.form}), and unchanged since`;
  return `has an ${signature.form === "cms" ? "mcpb (CMS)" : "ed25519"} signature that no trusted key confirms: count it as not signed`;
}

function runsOf({ server, compatibility }: Manifest): string {
  const how = {
    node: "JavaScript, run by Berth's own runtime",
    python: "Python, run by the interpreter of this machine",
    binary: "a program of its own",
  }[server.type];
  const where =
    compatibility?.platforms === undefined ? "" : `, for ${compatibility.platforms.join(", ")}`;
  return `${server.entry_point}: ${how}${where}`;
}

function toolsOf({ tools, tools_generated }: Manifest): string[] {
  const lines = (tools ?? []).map(
    ({ name, description }) => `${name}${description ? `: ${firstSentence(description)}` : ""}`,
  );
  if (tools_generated) lines.push("and more that it makes at run time");
  return lines.length === 0 ? ["Its manifest does not say."] : lines;
}

function needOf([key, option]: [string, UserOption]): string {
  const traits = [
    option.multiple ? `one or more of type ${option.type}` : option.type,
    option.required ? "required" : "optional",
    option.sensitive ? "secret" : "",
    option.default === undefined || option.sensitive
      ? ""
      : `default ${JSON.stringify(option.default)}`,
  ];
  return `${key} (${traits.filter(Boolean).join(", ")}): ${option.description}`;
}

const verbs: Readonly<Record<keyof Permissions, string>> = {
  read: "Read",
  write: "Write",
  net: "Connect to",
  env: "See the environment variables",
  run: "Start",
};
const everythingOf: Readonly<Record<keyof Permissions, string>> = {
  read: "every file",
  write: "every file",
  net: "every address",
  env: "all of Berth's own",
  run: "any program, which is close to everything",
};

/** Permissions in plain words, one line for each kind that allows something. */
export function permissionLines(permissions: Permissions): string[] {
  return permissionKinds.flatMap((kind) => {
    const words = ruleWords(kind, permissions[kind]);
    return words === undefined ? [] : [`${verbs[kind]} ${words}`];
  });
}

function ruleWords(kind: keyof Permissions, { allow, deny }: Rule): string | undefined {
  if (allow !== true && allow.length === 0) return undefined;
  const allowed = allow === true ? everythingOf[kind] : allow.map(entryWords).join(", ");
  return deny.length === 0 ? allowed : `${allowed}, except ${deny.map(entryWords).join(", ")}`;
}

/** `${user_config.api_url}` reads better as what it is. */
function entryWords(entry: string): string {
  return entry.replace(/\$\{user_config\.([^}]+)\}/g, "what you set as $1");
}

function firstSentence(text: string): string {
  return /^.*?[.!?](?=\s|$)/s.exec(text)?.[0] ?? text;
}
