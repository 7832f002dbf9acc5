import { closeSync, openSync, readSync } from "node:fs";

/** `e_machine` of an ELF header for the architectures that Berth knows, by the name in process.arch. */
const elfMachines: Readonly<Record<number, string>> = { 62: "x64", 183: "arm64", 243: "riscv64" };

/** What kind of machine code a file holds: `linux-x64`, `darwin`, `win32`; undefined for a script or data. */
export function machineOf(path: string): string | undefined {
  const head = new Uint8Array(20);
  const file = openSync(path, "r");
  try {
    readSync(file, head);
  } finally {
    closeSync(file);
  }
  return machineOfBytes(head);
}

/** The same from a file's first 20 bytes. */
export function machineOfBytes(head: Uint8Array): string | undefined {
  if (head.length < 20) return undefined;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const magic = view.getUint32(0, false);
  if (magic === 0x7f454c46) {
    const machine = view.getUint16(18, head[5] === 1);
    return `linux-${elfMachines[machine] ?? `machine${machine}`}`;
  }
  // Mach-O of either order; 0xcafebabe, the universal form, is also what Java classes begin with.
  if (magic === 0xcffaedfe || magic === 0xfeedfacf) return "darwin";
  if (view.getUint16(0, false) === 0x4d5a) return "win32";
  return undefined;
}
