import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { effectivePermissions, normalizePermissions } from "./grants.ts";
import { type Permissions, permissionsSchema } from "./permissions.ts";

const of = (written: unknown): Permissions => permissionsSchema.parse(written);
const allow = (entries: true | string[], deny: string[] = []) => ({ allow: entries, deny });

describe("normalizePermissions", () => {
  let folder: string;
  beforeAll(() => {
    folder = realpathSync(mkdtempSync("/tmp/grants-"));
    mkdirSync(join(folder, "real/inner"), { recursive: true });
    symlinkSync(join(folder, "real"), join(folder, "link"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const normal = (written: unknown) =>
    normalizePermissions(of(written), { base: folder, path: "/usr/bin:/bin" });

  test("makes paths absolute and follows links, also above what does not exist yet", () => {
    expect(
      normal({ read: ["link/inner", "./real/../real/inner", "link/not/yet", "/"] }).read,
    ).toEqual(allow([join(folder, "real/inner"), join(folder, "real/not/yet"), "/"]));
  });

  test.each([
    ["EXAMPLE.org", "example.org"],
    ["example.org.:443", "example.org:443"],
    ["*.Example.org:443", "*.example.org:443"],
    ["[::1]:80", "[::1]:80"],
    ["[0:0::1]", "[::1]"],
    ["0x7f.1:80", "127.0.0.1:80"],
    ["bücher.example", "xn--bcher-kva.example"],
  ])("writes the host %s as %s", (written, host) => {
    expect(normal({ net: [written] }).net).toEqual(allow([host]));
  });

  test.each([
    "http://a.test",
    "a.test/path",
    "a.test:0",
    "a.test:70000",
    "a b",
    "*.1.2.3.4",
    "u@a",
    "::1",
  ])("refuses the host %j", (host) => {
    expect(() => normal({ net: [host] })).toThrow("Cannot read the net entry");
  });

  test("finds programs, keeps the name of one that is missing, and refuses what is no variable", () => {
    expect(normal({ run: ["sh", "no-such-program"] }).run).toEqual(
      allow([realpathSync("/bin/sh"), "no-such-program"]),
    );
    expect(() => normal({ env: ["A=b"] })).toThrow('Cannot read the env entry "A=b"');
  });
});

describe("effectivePermissions", () => {
  test.each<[string, unknown, unknown, unknown]>([
    ["nothing of what nobody granted", { read: true, net: ["a.test"] }, {}, {}],
    ["nothing that was not asked for", {}, { read: true, net: true, run: true }, {}],
    [
      "the narrower path",
      { read: ["/a", "/b/c"] },
      { read: ["/a/x", "/b"] },
      { read: ["/a/x", "/b/c"] },
    ],
    ["no sibling with the same beginning", { read: ["/ab"] }, { read: ["/a"] }, {}],
    [
      "the asked list of a grant of everything",
      { write: ["/a"] },
      { write: true },
      { write: ["/a"] },
    ],
    [
      "the granted list of a wish for everything",
      { net: true },
      { net: ["a.test"] },
      { net: ["a.test"] },
    ],
    [
      "a host with the port of the other",
      { net: ["a.test"] },
      { net: ["a.test:443"] },
      { net: ["a.test:443"] },
    ],
    [
      "what a pattern and a name share",
      { net: ["*.test:443"] },
      { net: ["a.test"] },
      { net: ["a.test:443"] },
    ],
    ["no host with another port", { net: ["a.test:80"] }, { net: ["a.test:443"] }, {}],
    ["no domain of its own pattern", { net: ["a.test"] }, { net: ["*.a.test"] }, {}],
    ["names of a pattern", { env: ["AWS_KEY", "HOME"] }, { env: ["AWS_*"] }, { env: ["AWS_KEY"] }],
    [
      "the same program",
      { run: ["/bin/git", "/bin/tar"] },
      { run: ["/bin/git"] },
      { run: ["/bin/git"] },
    ],
    [
      "no path inside a denied one",
      { read: ["/a/secret/x", "/b"] },
      { read: { allow: ["/a", "/b"], deny: ["/a/secret"] } },
      { read: ["/b"] },
    ],
    [
      "what a deny of the bundle leaves",
      { read: { allow: ["/a/secret/x", "/b"], deny: ["/a/secret"] } },
      { read: true },
      { read: ["/b"] },
    ],
    [
      "denies of hosts and variables, which are applied when they come up",
      { net: ["a.test"], env: { allow: true, deny: ["KEY"] } },
      { net: { allow: ["a.test"], deny: ["b.test"] }, env: true },
      { net: { allow: ["a.test"], deny: ["b.test"] }, env: { allow: true, deny: ["KEY"] } },
    ],
  ])("gives %s", (_, asked, granted, effective) => {
    expect(effectivePermissions(of(asked), of(granted))).toEqual(of(effective));
  });

  test.each<[unknown, string]>([
    [
      { read: { allow: ["/srv/data"], deny: ["/srv/data/private"] } },
      'Cannot enforce --deny-read "/srv/data/private": it lies inside the allowed "/srv/data"',
    ],
    [
      { write: { allow: true, deny: ["/etc"] } },
      'Cannot enforce --deny-write "/etc": everything else is allowed',
    ],
    [
      { run: { allow: true, deny: ["sh"] } },
      'Cannot enforce --deny-run "sh": everything else is allowed',
    ],
  ])("refuses a deny that the kernel cannot enforce: %j", (granted, message) => {
    const everything = of({ read: true, write: true, run: true });
    expect(() => effectivePermissions(everything, of(granted))).toThrow(message);
  });
});
