import { errno, type Outcome, syscall } from "./libc.ts";

// fcntl.h
const currentFolder = -100;
const pathOnly = 0o10000000;
const closeOnExec = 0o2000000;
const readOnly = 0;
const pathLimitBytes = 4096;

/** Who asked for a path: the first process of a jail, and the thread of it that made the call. */
export interface Caller {
  child: number;
  thread: number;
}

/**
 * Where a path leads, every link followed as the kernel does; undefined when nothing is there, or
 * it is no file of a file system, as a pipe.
 */
export function realPath(path: string): string | undefined {
  const opened = syscall("openat", currentFolder, path, pathOnly | closeOnExec, 0);
  if (opened.value < 0) return undefined;
  const real = readLink(`/proc/self/fd/${opened.value}`);
  syscall("close", opened.value);
  return real?.startsWith("/") ? real : undefined;
}

/** As `realPath`, of the folder that a name is in: a name that is made, moved or removed is no link to follow. */
export function realName(path: string): string | undefined {
  const [, folder = "", name = ""] = /^(.*?)\/*([^/]+)\/*$/.exec(path) ?? [];
  if (name === "" || name === "." || name === "..") return realPath(path);
  const real = realPath(folder === "" ? "/" : folder);
  return real === undefined ? undefined : `${real === "/" ? "" : real}/${name}`;
}

/** Whether there is anything of this name, a broken link included. */
export function isThere(path: string): boolean {
  const { value, errno: error } = askLink(path, new Uint8Array(1));
  return value >= 0 || error === errno.EINVAL;
}

/**
 * A path as its caller meant it, for this process to follow: what `self` is depends on who asks.
 * @param folder The descriptor that a relative path starts from; undefined for the working folder.
 */
export function absolutePath(
  path: string,
  folder: number | undefined,
  { child, thread }: Caller,
): string | undefined {
  if (!path.startsWith("/")) {
    const own = `/proc/${thread}`;
    const base =
      folder === undefined || folder === currentFolder ? `${own}/cwd` : `${own}/fd/${folder}`;
    const real = readLink(base);
    return real?.startsWith("/") ? `${real === "/" ? "" : real}/${path}` : undefined;
  }
  const process = `/proc/${groupOf(thread, child)}`;
  return (
    path
      .replace(/^\/+dev\/+fd(?=\/|$)/, `${process}/fd`)
      .replace(/^\/+dev\/+std(in|out|err)$/, (_, name) => `${process}/fd/${streams.indexOf(name)}`)
      .replace(/^\/+proc\/+thread-self(?=\/|$)/, `${process}/task/${thread}`)
      // Links into `self`.
      .replace(/^\/+proc\/+(net|mounts)(?=\/|$)/, `${process}/$1`)
      .replace(/^\/+proc\/+self(?=\/|$)/, process)
  );
}

const streams: readonly string[] = ["in", "out", "err"];

/** The process that a thread belongs to. */
function groupOf(thread: number, child: number): number {
  if (thread === child) return child;
  const group = /^Tgid:\s*(\d+)/m.exec(readFile(`/proc/${thread}/status`) ?? "")?.[1];
  return group === undefined ? child : Number(group);
}

/** The start of a small file, without node:fs, which this process does not load. */
export function readFile(path: string): string | undefined {
  const opened = syscall("openat", currentFolder, path, readOnly | closeOnExec, 0);
  if (opened.value < 0) return undefined;
  const bytes = new Uint8Array(pathLimitBytes);
  const { value } = syscall("read", opened.value, bytes, bytes.byteLength);
  syscall("close", opened.value);
  return value < 0 ? undefined : decoder.decode(bytes.subarray(0, value));
}

function readLink(path: string): string | undefined {
  const bytes = new Uint8Array(pathLimitBytes);
  const { value } = askLink(path, bytes);
  return value < 0 ? undefined : decoder.decode(bytes.subarray(0, value));
}

function askLink(path: string, bytes: Uint8Array): Outcome {
  return syscall("readlinkat", currentFolder, path, bytes, bytes.byteLength);
}

const decoder = new TextDecoder();
