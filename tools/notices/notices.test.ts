import { afterAll, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildScripts } from "../bundle.ts";
import { listUnits } from "../units.ts";
import { corrections } from "./corrections.ts";
import { checkPartLicence, idsIn, standardText } from "./licences.ts";
import { readPackage } from "./packages.ts";
import { prebuiltParts } from "./prebuilt.ts";
import { runtimeComponent } from "./runtime.ts";
import { listComponents, noticesText } from "./write.ts";

const modules = join(import.meta.dir, "..", "..", "node_modules");
const folder = mkdtempSync(join(tmpdir(), "berth-notices-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A package's folder with a package.json and the files that are given. */
function makePackage(name: string, license: unknown, files: Record<string, string>) {
  const place = join(folder, name);
  mkdirSync(place, { recursive: true });
  const told = { name, version: "1.2.3", license, repository: "ada/engine" };
  for (const [file, text] of Object.entries({ "package.json": JSON.stringify(told), ...files }))
    writeFileSync(join(place, file), text);
  return place;
}

describe("a package", () => {
  test("is told with its address, its licence, its notice, and what was bundled into its files", () => {
    const place = makePackage("engine", "MIT", {
      LICENSE: "Permission is granted.",
      "NOTICE.md": "With thanks.",
      "license-checker.js": "throw 1",
      "index.js.LICENSE.txt": "Of what is inside.",
    });
    expect(readPackage(place, [join(place, "index.js")])).toEqual({
      name: "engine",
      version: "1.2.3",
      licence: "MIT",
      address: "https://github.com/ada/engine",
      texts: ["Permission is granted.", "With thanks.", "Of what is inside."],
      parts: [],
    });
  });

  test("may have the text of its licence in its README", () => {
    const text = "\nPermission is hereby granted, free of charge.\n";
    const place = makePackage("told", "MIT", { "README.md": `# Told\n\n## License\n${text}# End` });
    expect(readPackage(place, []).texts).toEqual([text]);
  });

  test.each([
    "GPL-3.0-only",
    "LGPL-2.1-or-later",
    "MIT AND GPL-2.0-only",
    "SEE LICENSE IN LICENSE",
    "UNLICENSED",
    "MIT OR",
    "",
  ])("under %p is refused by its name", (licence) => {
    const place = makePackage("strange", licence, { LICENSE: "All of it is mine." });
    expect(() => readPackage(place, [])).toThrow(
      `Cannot build in "strange": its licence "${licence}" is not on the list`,
    );
  });

  test.each(["MIT OR GPL-3.0-only", "(MIT OR CC0-1.0)", "MIT AND BSD-3-Clause"])(
    "under %p may be built in",
    (licence) => {
      const place = makePackage("choice", licence, { LICENSE: "Take it." });
      expect(readPackage(place, []).licence).toBe(licence);
    },
  );

  test.each([undefined, { type: "MIT" }])(
    "with %p for a licence is refused by its name",
    (license) => {
      const place = makePackage("silent", license, { LICENSE: "Take it." });
      expect(() => readPackage(place, [])).toThrow(
        'Cannot build in "silent": its licence "" is not',
      );
    },
  );

  test("without a text of its licence is refused by its name", () => {
    const place = makePackage("textless", "MIT", { "README.md": "## License\n\nMIT" });
    expect(() => readPackage(place, [])).toThrow(
      'Cannot build in "textless": its package holds no text of its licence',
    );
  });
});

test("a correction is there only for a package that brings no text along", () => {
  const installed = Object.keys(corrections).filter((name) => existsSync(join(modules, name)));
  const needless = installed.filter((name) =>
    readdirSync(join(modules, name)).some((file) => /^(un)?licen[cs]e|^copying/i.test(file)),
  );
  expect(needless).toEqual([]);
  expect(installed).toContain("drizzle-orm");
});

test("what is compiled into packages and into Bun is under licences of the list, with known texts", () => {
  const all = [...Object.values(prebuiltParts).flat(), ...runtimeComponent().parts];
  for (const { name, licence } of all) checkPartLicence(name, licence);
  const ids = all.flatMap(({ licence }) => idsIn(licence));
  expect(ids.filter((id) => standardText(id, "").length < 200)).toEqual([]);
  expect(() => checkPartLicence("a part", "GPL-2.0-only")).toThrow('Cannot build in "a part"');
});

test("a bundle's notices name what the bundler took, and not the packages that were left out", async () => {
  const unit = listUnits().find(({ name }) => name === "decision-mcp");
  if (unit === undefined) throw new Error("no unit is named decision-mcp");
  const taken = await buildScripts(unit, join(folder, "scripts"));
  const artefact = { name: "decision-mcp", taken: [taken], hasRuntime: false };
  const names = listComponents(artefact).map(({ name }) => name);
  const text = noticesText(artefact);
  expect(names).toEqual(expect.arrayContaining(["@modelcontextprotocol/sdk", "pino", "zod"]));
  expect(names).not.toContain("react");
  expect(names).not.toContain("Bun");
  expect(text).toStartWith("THIRD-PARTY NOTICES of decision-mcp ");
  expect(text).toContain("Copyright (c) 2025 Colin McDonnell");
  // Nobody's folder is in it, and the same builds give the same text in whatever order.
  expect(text).not.toContain(modules);
  expect(noticesText({ ...artefact, taken: [new Map([...taken].reverse()), taken] })).toBe(text);
});
