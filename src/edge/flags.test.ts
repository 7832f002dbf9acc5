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

  test.each([
    [
      "--allow-ffi",
      'Cannot read the argument "--allow-ffi": the kinds are read, write, net, env, run',
    ],
    ["--deny-net", 'Cannot read the argument "--deny-net": a deny needs a list'],
    [
      "--allow-read=/a,,/b",
      'Cannot read the argument "--allow-read=/a,,/b": the list has an empty entry',
    ],
    ["--allow-run=", 'Cannot read the argument "--allow-run=": the list has an empty entry'],
  ])("refuses %s", (argument, message) => {
    expect(() => parsePermissionFlags([argument])).toThrow(message);
  });
});
