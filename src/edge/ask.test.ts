import { describe, expect, test } from "bun:test";
import {
  askForGrants,
  flagFor,
  missingGrants,
  type Prompter,
  readAnswer,
  refusalOf,
} from "./ask.ts";
import { noPermissions, type Permissions, permissionsSchema } from "./permissions.ts";

const of = (written: unknown): Permissions => permissionsSchema.parse(written);

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

  test("what is denied as a whole is not asked for", () => {
    expect(
      missingGrants(asked, of({ read: true, net: { deny: true }, run: { deny: true } })),
    ).toEqual([]);
  });

  test("the flag survives a shell", () => {
    const entries = ["/a,b", "/it's here", "*.test"] as const;
    expect(entries.map((entry) => flagFor({ kind: "read", entry }))).toEqual([
      "--allow-read=/a,,b",
      "--allow-read='/it'\\''s here'",
      "--allow-read='*.test'",
    ]);
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
      `na?me asks for read access to "/harmless?[2K?/etc". (--allow-read='/harmless?[2K?/etc' grants it.)`,
    );
  });
});
