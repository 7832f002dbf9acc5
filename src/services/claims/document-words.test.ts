import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { openTestClaims, type TestClaims } from "../../../tests/claims.ts";
import type { ToolAnswer, ToolServer } from "../../agent/toolServer.ts";

// A database of its own takes its time to start.
setDefaultTimeout(30_000);

const word = { text: "Claim", box: [10, 20, 40, 30] };
const page = {
  page: 1,
  width: 612,
  height: 792,
  words: [{ ...word, confidence: 1 }],
  source: "ocr",
};
const calls: unknown[] = [];
let next: ToolAnswer;
const reader: ToolServer = {
  label: "ocr-server",
  url: "http://ocr.example/mcp",
  async call(name, args) {
    calls.push({ name, args });
    return next;
  },
  listTools: async () => [],
  close: async () => undefined,
};
let claims: TestClaims;
let path: string;

beforeAll(async () => {
  claims = await openTestClaims({}, undefined, reader);
  path = `/api/v1/claims/${await claims.claimId("CLM-2025-0001")}/document/words`;
});
afterAll(() => claims.close());

test("the words of a claim's document are read when somebody asks, and answered with their places", async () => {
  next = { isError: false, output: { success: true, pages: [page] }, error: "" };
  const { status, json } = await claims.send("GET", path);
  expect({ status, json, calls }).toEqual({
    status: 200,
    json: { pages: [{ page: 1, width: 612, height: 792, words: [word] }] },
    calls: [
      {
        name: "ocr_document",
        args: { document_path: "/claim_documents/CLM-2025-0001.pdf", output: "words" },
      },
    ],
  });
});

test("a document that the reader refuses is a refusal with its reason", async () => {
  next = { isError: true, output: {}, error: "the PDF is damaged" };
  const { status, json } = await claims.send("GET", path);
  expect({ status, json }).toEqual({
    status: 502,
    json: { detail: "Cannot read the document: the PDF is damaged" },
  });
});
