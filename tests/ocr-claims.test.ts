import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { sampleClaims } from "../tools/samples/claims.ts";
import { makeSample } from "../tools/samples/makeSample.ts";
import { connectStdio } from "./clients.ts";
import { documentFolder } from "./ocrDocuments.ts";
import { root } from "./program.ts";
import { callTool } from "./toolCalls.ts";

// Scans are read on machines that do other work as well, in milliseconds.
setDefaultTimeout(60_000);

/** Fields below are not relied on: the gate sends such a claim to a person. */
const trustedFrom = 0.7;

const folder = documentFolder();
const connected = await connectStdio([`${root}/dist/ocr-mcp`, "--documents-root", folder.path]);
afterAll(async () => {
  await connected[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

/** The key fields of a sample claim's document, as ocr_document finds them. */
async function readClaim(number: string) {
  const claim = sampleClaims.find((sample) => sample.number === number);
  if (claim === undefined) throw new Error(`there is no sample claim ${number}`);
  const { file, bytes } = await makeSample(claim);
  folder.write(file, bytes);
  const { structuredContent } = await callTool(connected, "ocr_document", {
    document_path: file,
    language: "auto",
    extract_structured: true,
  });
  return structuredContent;
}

describe("of the claims that were scanned,", () => {
  test.each([
    [
      "CLM-2025-0014",
      {
        claim_number: "CLM-2025-0014",
        policy_number: "CNT-2025-0013",
        incident_date: "June 10, 2025",
        patient_name: "Ingrid Solberg",
        amount: "USD 980.00",
      },
    ],
    [
      "CLM-2025-0015",
      {
        claim_number: "CLM-2025-0015",
        policy_number: "CNT-2025-0014",
        incident_date: "May 22, 2025",
        claimant_name: "Omar Haddad",
        amount: "USD 2,730.00",
      },
    ],
    [
      "CLM-2025-0018",
      {
        claim_number: "CLM-2025-0018",
        policy_number: "CNT-2025-0017",
        incident_date: "11/04/2025",
        claimant_name: "Julien Mercier",
        amount: "3 200,00 EUR",
      },
    ],
  ])("%s is read right and may be relied on", async (number, wanted) => {
    const { fields, confidence } = await readClaim(number);
    const names = Object.keys(wanted);
    const values = names.map((name) => [name, fields[name]?.value]);
    const doubtful = names.filter((name) => !(fields[name]?.confidence >= trustedFrom));
    expect({ values: Object.fromEntries(values), doubtful, isSure: confidence > 0.9 }).toEqual({
      values: wanted,
      doubtful: [],
      isSure: true,
    });
  });

  test("the faint carbon copy is nothing to rely on, whatever is read twice", async () => {
    const { pages, fields } = await readClaim("CLM-2025-0025");
    const relied = Object.values<{ confidence: number }>(fields).filter(
      ({ confidence }) => confidence >= trustedFrom,
    );
    expect({ isDoubtful: pages[0].confidence < trustedFrom, relied }).toEqual({
      isDoubtful: true,
      relied: [],
    });
  });

  test("the lines of a form are in the order in which they are printed", async () => {
    const { raw_text } = await readClaim("CLM-2025-0015");
    expect(raw_text).toContain("Claim number CLM-2025-0015\nDate of incident May 22, 2025\n");
  });
});
