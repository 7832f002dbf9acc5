import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Glob } from "bun";
import { AppError } from "../core/fault.ts";

/** A bundle's own list of what is not packed, in the simple part of .gitignore's form. */
export const ignoreFile = ".mcpbignore";

/** What no bundle needs: the same list that `mcpb pack` has. */
const alwaysLeftOut = [
  ".DS_Store",
  "Thumbs.db",
  ".gitignore",
  ".git",
  ignoreFile,
  "*.log",
  ".env*",
  ".npm",
  ".npmrc",
  ".yarnrc",
  ".yarn",
  ".eslintrc",
  ".editorconfig",
  ".prettierrc",
  ".prettierignore",
  ".eslintignore",
  ".nycrc",
  ".babelrc",
  ".pnp.*",
  "node_modules/.cache",
  "node_modules/.bin",
  "*.map",
  "package-lock.json",
  "yarn.lock",
  "*.mcpb",
  "*.mcpb.sig",
  "*.d.ts",
  "*.tsbuildinfo",
  "tsconfig.json",
];

/** Tells for a path of a folder whether it stays out of the bundle. A pattern without a slash counts at every depth. */
export function leaveOut(folder: string): (path: string) => boolean {
  const rules = [...alwaysLeftOut, ...readPatterns(folder)].map(ruleOf);
  return (path) => {
    const isFolder = path.endsWith("/");
    const plain = isFolder ? path.slice(0, -1) : path;
    const name = plain.slice(plain.lastIndexOf("/") + 1);
    return rules.some(
      (rule) => (isFolder || !rule.isFolderOnly) && rule.glob.match(rule.isAnchored ? plain : name),
    );
  };
}

function ruleOf(pattern: string) {
  const isFolderOnly = pattern.endsWith("/");
  const body = pattern.replace(/\/$/, "");
  return { glob: new Glob(body.replace(/^\//, "")), isAnchored: body.includes("/"), isFolderOnly };
}

function readPatterns(folder: string): string[] {
  const file = join(folder, ignoreFile);
  if (!existsSync(file)) return [];
  const patterns = readFileSync(file, "utf8")
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  const negated = patterns.find((pattern) => pattern.startsWith("!"));
  if (negated === undefined) return patterns;
  throw new AppError(
    "invalid_input",
    `Cannot read ${ignoreFile}: ${JSON.stringify(negated)} takes something back in`,
    {
      hint: "Write narrower patterns instead; a pattern that begins with ! is not known.",
    },
  );
}
