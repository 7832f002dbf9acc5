/** The same components as a bill of materials that programs read, in CycloneDX 1.6. */
import { version } from "../../src/core/version.ts";
import type { Component, Part } from "./component.ts";
import { type Artefact, listComponents } from "./write.ts";

/** What the file is called in an image. */
export const bomFile = "bom.cdx.json";

/**
 * The bill of materials of an artefact, without a time or a random number, so that equal builds give equal bytes. What an
 * image's base holds is not in it, and it says so.
 */
export function bomText(artefact: Artefact): string {
  const bom = {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: {
      component: {
        type: "application",
        name: artefact.name,
        version,
        licenses: licencesOf("Apache-2.0"),
      },
    },
    components: listComponents(artefact).map(entryOf),
    compositions: [{ aggregate: "incomplete" }],
  };
  return `${JSON.stringify(bom)}\n`;
}

function entryOf({ name, version, licence, address, parts }: Component): Record<string, unknown> {
  const isRuntime = name === "Bun";
  return {
    type: isRuntime ? "platform" : "library",
    name,
    version,
    licenses: licencesOf(licence),
    purl: `pkg:npm/${(isRuntime ? "bun" : name).replace("@", "%40")}@${version}`,
    ...(address !== "" && { externalReferences: [{ type: "website", url: address }] }),
    ...(parts.length > 0 && { components: parts.map(partOf) }),
  };
}

function partOf({ name, licence, copyright, address }: Part): Record<string, unknown> {
  const [url] = address.split(", ");
  return {
    type: "library",
    name,
    licenses: licencesOf(licence),
    ...(copyright && { copyright }),
    externalReferences: [{ type: "website", url }],
  };
}

/** A single licence by its id, anything else as an expression. */
function licencesOf(licence: string): Record<string, unknown>[] {
  return / (AND|OR|WITH) /.test(licence)
    ? [{ expression: licence.replace(/^\((.*)\)$/, "$1") }]
    : [{ license: { id: licence } }];
}
