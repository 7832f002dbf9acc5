/** Plays an older kernel: `without.ts <system call> <command>…` runs the command where that call does not exist. */
import { realpathSync } from "node:fs";
import { cStrings, syscall } from "../../src/edge/jail/libc.ts";
import { applyFilter, dropPrivileges } from "../../src/edge/jail/restrict.ts";
import type { SyscallName } from "../../src/edge/jail/syscalls.ts";

const [missing, command = "", ...args] = process.argv.slice(2);
dropPrivileges();
// Only the table's names are of use, and the tests give no other.
applyFilter([{ name: missing as SyscallName, otherwise: "unimplemented" }], false);
const env = Object.entries(process.env).map(([name, value]) => `${name}=${value}`);
syscall("execve", realpathSync(command), cStrings([command, ...args]), cStrings(env));
throw new Error(`cannot execute ${command}`);
