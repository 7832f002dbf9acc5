import { dlopen } from "bun:ffi";

/** The C library of Linux by its names: glibc's, then musl's. */
const libraries = ["libc.so.6", "libc.so"];
/** Where Bun looks for how long it keeps the addresses of a name, in seconds. */
const variable = "BUN_CONFIG_DNS_TIME_TO_LIVE_SECONDS";

/**
 * Has Bun ask for the addresses of a name at each connection; call it before the first. It keeps them for 30 seconds
 * otherwise, and what has moved meanwhile, a database or a service, is looked for where it was; what had no address yet
 * is not looked for. Only the C library's environment says so, which JavaScript's copy does not change; whoever has set
 * the variable is obeyed.
 */
export function resolveNamesAfresh(): void {
  if (process.platform !== "linux") return;
  for (const name of libraries) {
    try {
      const { symbols } = dlopen(name, {
        setenv: { args: ["cstring", "cstring", "i32"], returns: "i32" },
      });
      symbols.setenv(cString(variable), cString("0"), 0);
      return;
    } catch {
      // The next name is tried; without any, names are asked for every 30 seconds.
    }
  }
}

function cString(text: string): Uint8Array {
  return Buffer.from(`${text}\0`, "utf8");
}
