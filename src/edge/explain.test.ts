import { expect, test } from "bun:test";
import { explainPermissions } from "./explain.ts";
import { type Permissions, permissionsSchema } from "./permissions.ts";

const of = (written: unknown): Permissions => permissionsSchema.parse(written);

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
