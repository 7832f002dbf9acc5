import { dlopen } from "bun:ffi";
import type { MemoryPlace } from "./protocol.ts";

const noAccess = 0;
/** The C library under the names that glibc, musl and macOS give it. */
const libraries = [
  "libc.so.6",
  "libc.musl-x86_64.so.1",
  "libc.musl-aarch64.so.1",
  "libSystem.B.dylib",
];

let mprotect: ((address: bigint, bytes: bigint, access: number) => number) | undefined;
let isOpened = false;

/**
 * Stops wasm code that a thread is stuck in, by taking its memory away: its next access traps. `terminate()` alone ends
 * JavaScript, but wasm loops never look whether they should end. Call it only after `terminate()`, when the thread has
 * had time to leave JavaScript: natives that touch the memory from outside wasm would bring the process down.
 */
export function haltWasm(places: readonly MemoryPlace[]): void {
  openLibrary();
  for (const { address, bytes } of places) mprotect?.(address, BigInt(bytes), noAccess);
}

function openLibrary(): void {
  if (isOpened) return;
  isOpened = true;
  for (const name of libraries) {
    try {
      const { symbols } = dlopen(name, {
        mprotect: { args: ["u64", "u64", "i32"], returns: "i32" },
      });
      mprotect = symbols.mprotect;
      return;
    } catch {
      // Another name may fit; without any, a stuck worker runs until its work ends.
      mprotect = undefined;
    }
  }
}
