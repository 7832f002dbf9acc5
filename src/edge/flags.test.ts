import { describe, expect, test } from "bun:test";
import { parsePermissionFlags } from "./flags.ts";
import { noPermissions, type Permissions, permissionsSchema } from "./permissions.ts";

const of = (written: unknown): Permissions => permissionsSchema.parse(written);
const allow = (entries: true | string[], deny: string[] = []) => ({ allow: entries, deny });

describe("parsePermissionFlags", () => {
  test("reads Deno's flags and leaves the rest in order", () => {
    const argv = [
      "--allow-read=/a,/b",
      "x",
      "--allow-read=/c",
      "--deny-net=b.test",
      "--allow-net",
      "-y",
    ];
    expect(parsePermissionFlags(argv)).toEqual({
      permissions: {
        ...noPermissions,
        read: allow(["/a", "/b", "/c"]),
        net: allow(true, ["b.test"]),
      },
      rest: ["x", "-y"],
    });
    expect(parsePermissionFlags(["-A", "--deny-env=KEY"]).permissions).toEqual({
      ...of({ read: true, write: true, net: true, run: true }),
      env: allow(true, ["KEY"]),
    });
  });

  test("a deny without a list denies all of its kind, wherever it stands", () => {
    const all = of({ read: true, write: true, env: true, run: true, net: { deny: true } });
    expect(parsePermissionFlags(["-A", "--deny-net"]).permissions).toEqual(all);
    expect(parsePermissionFlags(["--deny-net", "-A", "--allow-net=a.test"]).permissions).toEqual(
      all,
    );
  });

  test("two commas are one that belongs to the entry", () => {
    expect(parsePermissionFlags(["--allow-read=/a,,b,/c"]).permissions.read).toEqual(
      allow(["/a,b", "/c"]),
    );
  });

  test.each([
    [
      "--allow-ffi",
      'Cannot read the argument "--allow-ffi": the kinds are read, write, net, env, run',
    ],
    [
      "--allow-read=/a,",
      'Cannot read the argument "--allow-read=/a,": the list has an empty entry',
    ],
    ["--allow-run=", 'Cannot read the argument "--allow-run=": the list has an empty entry'],
  ])("refuses %s", (argument, message) => {
    expect(() => parsePermissionFlags([argument])).toThrow(message);
  });
});
