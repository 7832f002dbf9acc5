import { expect, test } from "bun:test";
import { inkOf } from "../documents/image.ts";
import { readPdf } from "../documents/render.ts";
import { sampleClaims } from "./claims.ts";
import { makeSample } from "./makeSample.ts";
import { printAmount } from "./print.ts";
import type { SampleClaim } from "./sampleClaim.ts";

test("there are 30 claims by 25 users, five in other forms than a page of text", () => {
  const numbers = sampleClaims.map(({ number }) => number);
  expect(numbers).toEqual(
    Array.from({ length: 30 }, (_, index) => `CLM-2025-${`${index + 1}`.padStart(4, "0")}`),
  );
  expect(new Set(sampleClaims.map(({ user }) => user)).size).toBe(25);
  const forms = sampleClaims.filter(({ form }) => form !== "text");
  expect(forms.map(({ number, form }) => [number, form])).toEqual([
    ["CLM-2025-0014", "scan"],
    ["CLM-2025-0015", "skewed-scan"],
    ["CLM-2025-0016", "three-pages"],
    ["CLM-2025-0018", "scan"],
    ["CLM-2025-0025", "faint-scan"],
  ]);
});

test.each(sampleClaims.filter(isDigital).map((claim) => [claim.number, claim] as const))(
  "%s has what its claim states in its text layer",
  async (_, claim) => {
    const { bytes, pages } = await makeSample(claim);
    const read = await readPdf(bytes, 36);
    expect(read.map(({ text }) => words(text))).toEqual(pages.map(words));
    const text = words(pages.join(" "));
    const stated = [claim.number, claim.name, claim.policy, claim.address, claim.order ?? ""];
    const printed = [
      ...stated,
      printAmount(claim.amount, claim),
      ...Object.values(claim.particulars),
    ];
    expect(printed.filter((value) => !text.includes(words(value)))).toEqual([]);
  },
);

test("scans have no text and as much ink as a printed page", async () => {
  const found = await Promise.all(
    sampleClaims
      .filter((claim) => !isDigital(claim))
      .map(async (claim) => {
        const [page] = await readPdf((await makeSample(claim)).bytes, 50);
        const ink = page === undefined ? 0 : inkOf(page.image);
        return { number: claim.number, text: page?.text, isInked: ink > 0.01 };
      }),
  );
  expect(found).toEqual([
    { number: "CLM-2025-0014", text: "", isInked: true },
    { number: "CLM-2025-0015", text: "", isInked: true },
    { number: "CLM-2025-0018", text: "", isInked: true },
    { number: "CLM-2025-0025", text: "", isInked: true },
  ]);
});

test("the three pages have the amount on the last one alone", async () => {
  const claim = claimOf("CLM-2025-0016");
  const { pages } = await makeSample(claim);
  expect(pages.map((page) => page.includes("USD 6,750.00"))).toEqual([false, false, true]);
});

test("amounts and dates are printed as the language has them", async () => {
  const printed = async (number: string) => (await makeSample(claimOf(number))).pages[0] ?? "";
  expect(await printed("CLM-2025-0001")).toContain("Date of service March 4, 2025");
  expect(await printed("CLM-2025-0001")).toContain("Total charges USD 1,240.00");
  expect(await printed("CLM-2025-0017")).toContain("Date du sinistre 15 mars 2025");
  expect(await printed("CLM-2025-0017")).toContain("Coût estimé des réparations 1 850,00 EUR");
  expect(await printed("CLM-2025-0018")).toContain("Date du sinistre 11/04/2025");
  expect(await printed("CLM-2025-0010")).not.toContain("Date of service");
}, 20_000);

test.each([
  ["CLM-2025-0001", "9940263a48fad045ea75e84381dcc81768d6f6cf0cc47f3db4e0bc158436304d"],
  ["CLM-2025-0015", "21ade96a18674ed307f4d4286316476ee0bfd32a198cce2893fce893eac32ee0"],
  ["CLM-2025-0016", "e21704ac92d791e78df7ee4401a820f0d25d7186f502c7dc166ac798b0c4d444"],
  ["CLM-2025-0025", "6eeab168d593aace975db6b7c16436f7db42f8d65a44f924af7cedad610a05de"],
])("%s has the same bytes on every machine", async (number, hash) => {
  const { bytes } = await makeSample(claimOf(number));
  expect(new Bun.CryptoHasher("sha256").update(bytes).digest("hex")).toBe(hash);
});

function isDigital({ form }: SampleClaim): boolean {
  return form === "text" || form === "three-pages";
}

function claimOf(number: string): SampleClaim {
  const claim = sampleClaims.find((candidate) => candidate.number === number);
  if (claim === undefined) throw new Error(`no claim "${number}"`);
  return claim;
}

function words(text: string): string {
  return text.split(/\s+/).filter(Boolean).join(" ");
}
