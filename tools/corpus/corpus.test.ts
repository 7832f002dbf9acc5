import { expect, test } from "bun:test";
import { readPdf } from "../documents/render.ts";
import { type DocumentPlan, planCorpus } from "./catalogue.ts";
import { makeDocument } from "./make.ts";

test("the corpus has every kind of page in every condition and both languages", () => {
  const plans = planCorpus();
  const pages = plans.flatMap(({ pages, language }) =>
    pages.map((page) => ({ ...page, language })),
  );
  const combinations = new Set(
    pages.map(({ kind, condition, language }) => `${kind} ${condition} ${language}`),
  );
  expect(pages.length).toBeGreaterThanOrEqual(120);
  // 6 kinds in 8 damaged conditions and with a text layer, less what five pages of French leave out.
  expect(combinations.size).toBeGreaterThanOrEqual(6 * 8 * 2 + 6 + 5);
  expect(new Set(plans.map(({ family }) => family)).size).toBe(4);
  expect(new Set(plans.map(({ format }) => format))).toEqual(new Set(["pdf", "png", "jpg", "tif"]));
  expect(new Set(plans.map(({ name }) => name)).size).toBe(plans.length);
});

test("the ground truth is the one that was reviewed", async () => {
  const truths = [];
  const plans = planCorpus().filter(({ name }) => !name.startsWith("long-"));
  for (const plan of plans) truths.push((await makeDocument(asText(plan))).truth);
  expect(sha256(JSON.stringify(truths))).toBe(
    "8b0852cc5c0ac521cb7954e9257e7bb13fb4968406651187bc945d1c37cfcff3",
  );
}, 60_000);

test.each([
  ["skewed-form-eng", "ea98085f5a858ec8d19a24fcbee279e7e899fe0818086f56f83f58d1d21c9978"],
  ["noisy-receipt-fra", "8cdbe343b203967eacc9724f5cfbc7206d91993eece635a13b036181d9b55d69"],
  ["rotated-invoice-fra", "4f251c0fa36489a6159abe5a39ae9a24f04026550bd31763de72d203ae064106"],
  ["jpeg-columns-eng", "1203d97a05f034c321e3134e9ba2d1b5f40de7ac08f8bd694eaff765236ad1eb"],
  ["fax", "c20491063eac2e8e3b1f3d608eb00d1f00a42881dbeaccbf31c4ae0385a99ff7"],
])(
  "%s has the same bytes on every machine",
  async (name, hash) => {
    expect(sha256((await makeDocument(planOf(name))).bytes)).toBe(hash);
  },
  30_000,
);

test("fields are on the page as they are printed", async () => {
  const plans = planCorpus().filter(({ name }) => /^clean-(form|invoice|receipt)/.test(name));
  for (const plan of plans) {
    const { truth } = await makeDocument(asText(plan));
    const printed = truth.pages[0]?.text ?? "";
    const missing = Object.values(truth.fields).filter((value) => !printed.includes(value));
    expect({ name: plan.name, count: Object.keys(truth.fields).length > 1, missing }).toEqual({
      name: plan.name,
      count: true,
      missing: [],
    });
  }
});

test("a mixed document has text layers and scans in turn", async () => {
  const { bytes, truth } = await makeDocument(planOf("mixed-eng"));
  const pages = await readPdf(bytes, 20);
  expect(pages.map(({ text }) => text.trim() !== "")).toEqual([true, false, true, false]);
  expect(pages[2]?.text.split(/\s+/).slice(0, 3)).toEqual(
    truth.pages[2]?.text.split(/\s+/).slice(0, 3) ?? [],
  );
});

function planOf(name: string): DocumentPlan {
  const plan = planCorpus().find((candidate) => candidate.name === name);
  if (plan === undefined) throw new Error(`no plan "${name}"`);
  return plan;
}

/** The same content, not scanned, which is quick to make. */
function asText(plan: DocumentPlan): DocumentPlan {
  const pages = plan.pages.map((page) => ({ ...page, condition: "text" }) as const);
  return { ...plan, format: "pdf", pages };
}

function sha256(content: string | Uint8Array): string {
  return new Bun.CryptoHasher("sha256").update(content).digest("hex");
}
