/** `bun tools/layers.ts`: fails when an import points against the arrows of ARCHITECTURE.md, and says the fix. */
import { dirname, join, relative } from "node:path";
import { Glob } from "bun";

const root = join(import.meta.dir, "..");

/** What a layer may import beside itself. A layer that is not listed may not exist. */
const arrows: Readonly<Record<string, readonly string[]>> = {
  "src/core": [],
  "src/wire": ["src/core"],
  "src/kit": ["src/core", "src/wire"],
  "src/edge": ["src/core", "src/wire", "src/pages"],
  "src/agent": ["src/core"],
  "src/services": ["src/core", "src/agent", "src/pages", "db"],
  "src/pages": ["src/core"],
  db: ["src/core"],
  mcp: ["src/core", "src/kit"],
};

/** Whose types a layer may import beside that: they are gone when the code runs. */
const typeArrows: Readonly<Record<string, readonly string[]>> = {
  "src/pages": ["src/services", "src/edge"],
};

/** Packages with one home each; the files that may import them. */
const homes: Readonly<Record<string, readonly string[]>> = {
  "@modelcontextprotocol/sdk": ["src/kit/engine.ts", "src/agent/"],
  elysia: ["src/services/"],
  "@elysiajs/": ["src/services/"],
  openai: ["src/agent/"],
  "drizzle-orm": ["db/", "src/services/"],
  postgres: ["db/database.ts"],
  pino: ["src/core/log.ts"],
  react: ["src/pages/"],
  "react-dom": ["src/pages/"],
};

/** The files that may touch the process: the composition roots. */
const roots: readonly string[] = [
  "src/core/program.ts",
  "src/edge/main.ts",
  // It reads nothing: it names the variable to the bundler, which puts a constant in its place.
  "src/pages/assets.ts",
];

const problems: string[] = [];
for (const file of listSources()) {
  const text = await Bun.file(join(root, file)).text();
  for (const [statement, specifier = ""] of text.matchAll(
    /^\s*(?:import|export)\b[^"';]*?["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']/gms,
  )) {
    checkImport(file, specifier, /^\s*import type\b/.test(statement));
  }
  if (/\bprocess\.env\b/.test(text) && !roots.includes(file)) {
    problems.push(`${file} reads process.env: take the value as a setting of the program instead`);
  }
  if (/\bprocess\.stdout\b/.test(text) && !roots.includes(file)) {
    problems.push(`${file} writes to stdout, which belongs to the protocol: log instead`);
  }
}
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);

function listSources(): string[] {
  return Object.keys(arrows)
    .flatMap((layer) => [...new Glob(`${layer}/**/*.{ts,tsx}`).scanSync(root)])
    .filter((file) => !file.includes(".test."))
    .sort();
}

function checkImport(file: string, specifier: string, isType: boolean): void {
  if (!specifier.startsWith(".")) {
    checkPackage(file, specifier);
    return;
  }
  const target = relative(root, join(root, dirname(file), specifier));
  const from = layerOf(file);
  const to = layerOf(target);
  if (target === "package.json" || from === undefined) return;
  if (to === undefined) {
    problems.push(`${file} imports ${target}: nobody imports tools or tests`);
  } else if (from === "mcp" && to === "mcp" && target.split("/")[1] !== file.split("/")[1]) {
    problems.push(
      `${file} imports ${target}: a server never imports another; move what both need to src/kit`,
    );
  } else if (isType && typeArrows[from]?.includes(to)) {
    return;
  } else if (from !== to && !arrows[from]?.includes(to)) {
    problems.push(
      `${file} imports ${target}: ${from} may import ${arrows[from]?.join(", ") || "nothing of ours"}`,
    );
  }
}

function checkPackage(file: string, specifier: string): void {
  for (const [name, files] of Object.entries(homes)) {
    const isIt = name.endsWith("/")
      ? specifier.startsWith(name)
      : specifier === name || specifier.startsWith(`${name}/`);
    if (!isIt || files.some((home) => file.startsWith(home))) continue;
    problems.push(`${file} imports ${specifier}: only ${files.join(", ")} may`);
  }
}

function layerOf(path: string): string | undefined {
  return Object.keys(arrows).find((layer) => path.startsWith(`${layer}/`));
}
