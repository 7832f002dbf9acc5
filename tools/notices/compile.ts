import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { noticesArchive } from "../../src/core/notices.ts";
import { besideEntry, nowhere, runBun, type Target } from "../bundle.ts";
import { readTaken, type Taken } from "./packages.ts";
import { noticesText } from "./write.ts";

/** An executable that is to be built. */
export interface Program {
  /** For the heading of its notices. */
  name: string;
  /** Its entry and its workers, from the repository's root. */
  sources: readonly string[];
  /** Where it is written. */
  file: string;
  /** Options of the compiler beside those that every executable is built with. */
  flags: readonly string[];
  /** For another machine than this one. */
  target?: Target;
}

/** What an executable holds of others. */
export interface Compiled {
  taken: Taken;
  /** The notices that it prints when it is asked for them. */
  notices: string;
}

const common: readonly string[] = [
  "--minify",
  "--format=esm",
  "--splitting",
  // Without it the pages hold React's development build.
  "--define=process.env.NODE_ENV='production'",
  ...nowhere,
  besideEntry,
];

/** The two no-autoload flags keep a binary from running a .env or bunfig.toml of the folder that it is started in. */
const closed = ["--no-compile-autoload-dotenv", "--no-compile-autoload-bunfig"];

/**
 * Compiles an executable with the notices of what it holds inside. Its scripts are bundled alone first, since what a build
 * takes is known after it; what the executable takes must then be the same.
 */
export async function compileProgram(program: Program): Promise<Compiled> {
  const { name, sources, file, flags, target } = program;
  const both = [...common, ...(target?.flags ?? [])];
  const stage = mkdtempSync(join(tmpdir(), "berth-notices-"));
  const account = join(stage, "account.json");
  const told = `--metafile=${account}`;
  try {
    const scripts = ["--target=bun", "--outdir", join(stage, "scripts")];
    await runBun(["build", ...both, ...scripts, told, ...sources], target?.env);
    const taken = readTaken(account);
    const notices = noticesText({ name, taken: [taken], hasRuntime: true });
    const archive = join(stage, noticesArchive);
    writeFileSync(archive, Bun.gzipSync(notices, { level: 9 }));
    const whole = ["--compile", ...closed, ...flags, `--asset=${archive}`, "--outfile", file];
    await runBun(["build", ...both, ...whole, told, ...sources], target?.env);
    if (!Bun.deepEquals(readTaken(account), taken))
      throw new Error(`${name} does not hold what its notices name`);
    return { taken, notices };
  } finally {
    rmSync(stage, { recursive: true });
  }
}
