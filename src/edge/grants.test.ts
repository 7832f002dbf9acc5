import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import {
  askForGrants,
  flagFor,
  missingGrants,
  type Prompter,
  readAnswer,
  refusalOf,
} from "./ask.ts";
import { explainPermissions } from "./explain.ts";
import { parsePermissionFlags } from "./flags.ts";
import { effectivePermissions, normalizePermissions } from "./grants.ts";
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

describe("asking", () => {
  const asked = of({ read: ["/a", "/b"], net: ["a.test", "evil.test"], run: true });
  const granted = of({ read: ["/a"], net: { allow: [], deny: ["evil.test"] } });

  test("missingGrants names what is neither granted nor denied, and its flag", () => {
    expect(missingGrants(asked, granted).map(flagFor)).toEqual([
      "--allow-read=/b",
      "--allow-net=a.test",
      "--allow-run",
    ]);
    expect(refusalOf("docs", missingGrants(asked, granted))?.hint).toBe(
      "Grant it with --allow-read=/b --allow-net=a.test --allow-run",
    );
    expect(refusalOf("docs", missingGrants(granted, granted))).toBeUndefined();
  });

  test.each([
    ["y", "allow"],
    [" n ", "deny"],
    ["", "deny"],
    ["A", "allow_kind"],
    ["a", undefined],
    ["yes", undefined],
  ] as const)("readAnswer reads %j", (line, answer) => {
    expect(readAnswer(line)).toBe(answer);
  });

  function scripted(answers: string[]): Prompter & { text: string } {
    return {
      text: "",
      write(text) {
        this.text += text;
      },
      readLine: async () => answers.shift(),
    };
  }

  test("grants what was answered, asks again what it cannot read, and takes the end of input as no", async () => {
    const prompter = scripted(["what?", "y", "n"]);
    const after = await askForGrants("docs", { asked, granted }, prompter);
    expect(after).toEqual(of({ read: ["/a", "/b"], net: { allow: [], deny: ["evil.test"] } }));
    expect(prompter.text.split("\n")[0]).toBe(
      'docs asks for read access to "/b". (--allow-read=/b grants it.)',
    );
  });

  test("an answer for all of a kind asks no more of it", async () => {
    const wish = of({ read: ["/b", "/c", "/d"] });
    const prompter = scripted(["A"]);
    expect(await askForGrants("docs", { asked: wish, granted: noPermissions }, prompter)).toEqual(
      of({ read: true }),
    );
  });

  test("a bundle cannot paint over the question", async () => {
    const prompter = scripted([]);
    const wish = of({ read: ["/harmless\u001b[2K\r/etc"] });
    await askForGrants("na\u202eme", { asked: wish, granted: noPermissions }, prompter);
    expect(prompter.text.split("\n")[0]).toBe(
      'na?me asks for read access to "/harmless?[2K?/etc". (--allow-read=/harmless?[2K?/etc grants it.)',
    );
  });
});

test.each<[unknown, string[]]>([
  [
    {},
    [
      "Reads its own folder and its temporary folder, nothing else of yours.",
      "Writes its temporary folder only.",
      "Uses no network at all.",
      "Sees no environment variable beyond its own settings.",
      "Starts no other program and no other process.",
    ],
  ],
  [
    {
      read: ["/a", "/b", "/c"],
      write: ["/a"],
      net: { allow: ["a.test"], deny: ["b.test"] },
      env: true,
      run: ["/bin/git"],
    },
    [
      "Reads its own folder, its temporary folder and /a, /b and /c.",
      "Writes its temporary folder and /a.",
      "Reaches a.test, except b.test, over HTTP(S) through Berth's proxy, and no other host.",
      "Sees the whole environment, the secrets in it included.",
      "Starts /bin/git, inside the same jail.",
    ],
  ],
])("explainPermissions says %j in plain words", (written, sentences) => {
  expect(explainPermissions(of(written))).toEqual(sentences);
});
