/** The bill of materials against the schema that CycloneDX publishes, in which no unknown key may stand. */
import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import { buildScripts } from "../bundle.ts";
import { listUnits } from "../units.ts";
import { bomText } from "./bom.ts";
import type { Taken } from "./packages.ts";

const schemas = join(import.meta.dir, "../../node_modules/@cyclonedx/cyclonedx-library/res/schema");
const folder = mkdtempSync(join(tmpdir(), "berth-bom-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

function schemaOf(name: string): object {
  return JSON.parse(readFileSync(join(schemas, `${name}.SNAPSHOT.schema.json`), "utf8"));
}

const ajv = new Ajv({ strict: false, allErrors: true });
addFormats.default(ajv);
for (const format of ["iri-reference", "idn-email"]) ajv.addFormat(format, true);
for (const name of ["spdx", "jsf-0.82", "cryptography-defs"]) {
  ajv.addSchema(schemaOf(name), `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`);
}
const isBom = ajv.compile(schemaOf("bom-1.6"));

test("is valid CycloneDX 1.6, in which the package, its version and what is compiled into it are named", async () => {
  const units = listUnits().filter(({ name }) => /^(berth|claims-api|ocr-mcp|rag-mcp)$/.test(name));
  const taken: Taken[] = [];
  for (const unit of units) taken.push(await buildScripts(unit, join(folder, unit.name)));
  const artefact = { name: "four of them", taken, hasRuntime: true };
  const bom = JSON.parse(bomText(artefact));
  isBom(bom);
  expect(isBom.errors ?? []).toEqual([]);
  expect(bom.components).toContainEqual({
    type: "library",
    name: "@hyzyla/pdfium",
    version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
    licenses: [{ license: { id: "MIT" } }],
    purl: expect.stringMatching(/^pkg:npm\/%40hyzyla\/pdfium@\d/),
    externalReferences: [{ type: "website", url: "https://github.com/hyzyla/pdfium" }],
    components: expect.arrayContaining([expect.objectContaining({ name: "FreeType" })]),
  });
  expect(bom.components[0]).toMatchObject({ type: "platform", name: "Bun", version: Bun.version });
  expect(bomText(artefact)).toBe(bomText({ ...artefact, taken: taken.toReversed() }));
});

test("would not be valid with a key or a licence that nobody knows", () => {
  const bom = { bomFormat: "CycloneDX", specVersion: "1.6" };
  const component = { type: "library", name: "a" };
  const told = [
    { ...bom, components: [component] },
    { ...bom, components: [{ ...component, licence: "MIT" }] },
    { ...bom, components: [{ ...component, licenses: [{ license: { id: "MITT" } }] }] },
  ].map((each) => isBom(each));
  expect(told).toEqual([true, false, false]);
});
