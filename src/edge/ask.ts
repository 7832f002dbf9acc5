import { AppError } from "../core/fault.ts";
import { covers, type PermissionKind } from "./grants.ts";
import { type Permissions, permissionKinds } from "./permissions.ts";

/** Something that a bundle asks for and nobody granted: one entry, or all of its kind. */
export interface Missing {
  kind: PermissionKind;
  entry: string | true;
}

/** What was typed at a prompt. */
export type Answer = "allow" | "deny" | "allow_kind";

/** How a prompt reads and writes; a terminal in a program, a script in a test. */
export interface Prompter {
  write(text: string): void;
  /** One line; undefined when the input ended. */
  readLine(): Promise<string | undefined>;
}

/** How often an unreadable answer is asked again before it counts as no. */
const attemptLimit = 3;

/** What was asked for, is not granted and is not denied either; both are normalised. */
export function missingGrants(asked: Permissions, granted: Permissions): Missing[] {
  return permissionKinds.flatMap((kind): Missing[] => {
    const { allow, deny, isDenied } = granted[kind];
    if (allow === true || isDenied) return [];
    const wanted = asked[kind].allow;
    if (wanted === true) return [{ kind, entry: true }];
    return wanted
      .filter((entry) => ![...allow, ...deny].some((known) => covers(kind, known, entry)))
      .map((entry) => ({ kind, entry }));
  });
}

/** The flag that would grant it, as a shell takes it. */
export function flagFor({ kind, entry }: Missing): string {
  if (entry === true) return `--allow-${kind}`;
  const text = entry.replaceAll(",", ",,");
  const isPlain = /^[\w./:@%+=,-]+$/.test(text);
  return `--allow-${kind}=${isPlain ? text : `'${text.replaceAll("'", "'\\''")}'`}`;
}

/** Deno's answers: y allows this once, n denies, A allows all of the kind. */
export function readAnswer(line: string): Answer | undefined {
  const answers: Record<string, Answer> = { y: "allow", n: "deny", "": "deny", A: "allow_kind" };
  return answers[line.trim()];
}

/** The grants with one answer more. */
export function withAnswer(granted: Permissions, missing: Missing, answer: Answer): Permissions {
  if (answer === "deny") return granted;
  const rule = granted[missing.kind];
  const everything = answer === "allow_kind" || missing.entry === true || rule.allow === true;
  const allow = everything ? true : [...rule.allow, missing.entry as string];
  return { ...granted, [missing.kind]: { ...rule, allow } };
}

/**
 * Asks for everything that is missing, as Deno does, and returns the grants with what was allowed.
 * Nothing is remembered: the answers hold for this run.
 */
export async function askForGrants(
  name: string,
  permissions: { asked: Permissions; granted: Permissions },
  prompter: Prompter,
): Promise<Permissions> {
  let { granted } = permissions;
  for (const missing of missingGrants(permissions.asked, granted)) {
    // An earlier answer may have allowed all of the kind.
    if (granted[missing.kind].allow === true) continue;
    granted = withAnswer(granted, missing, await askOnce(name, missing, prompter));
  }
  return granted;
}

/** The refusal where nobody can be asked; undefined when nothing is missing. */
export function refusalOf(name: string, missing: readonly Missing[]): AppError | undefined {
  if (missing.length === 0) return undefined;
  const flags = missing.map(flagFor).join(" ");
  return new AppError("forbidden", `Cannot run "${name}": it asks for what was not granted`, {
    hint: `Grant it with ${flags}`,
    detail: { missing },
  });
}

async function askOnce(name: string, missing: Missing, prompter: Prompter): Promise<Answer> {
  const what =
    missing.entry === true
      ? `any ${missing.kind} access`
      : `${missing.kind} access to "${missing.entry}"`;
  const question = `${name} asks for ${what}. (${flagFor(missing)} grants it.)`;
  prompter.write(`${printable(question)}
`);
  for (let attempt = 0; attempt < attemptLimit; attempt += 1) {
    prompter.write("Allow? [y/n/A] (y = yes, n = no, A = all of this kind) > ");
    const line = await prompter.readLine();
    if (line === undefined) return "deny";
    const answer = readAnswer(line);
    if (answer) return answer;
  }
  return "deny";
}

/** A bundle must not paint over the question with control characters of its own. */
function printable(text: string): string {
  return text.replace(/\p{C}/gu, "?");
}
