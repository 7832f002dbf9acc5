import { describe, expect, test } from "bun:test";
import { builtinSource } from "./builtin.ts";

/** Two subjects, each spoken of in several words that meet in some texts. */
const texts = [
  "A pipe burst and water damage followed in the kitchen.",
  "The plumbing ruptured: water damage in the bathroom.",
  "A burst pipe, that is ruptured plumbing, soaked the floor.",
  "Thieves broke in and stole jewellery.",
  "The burglars forced the door; jewellery is missing.",
  "Burglary: thieves forced a window.",
];

function dot(one: Float32Array, other: Float32Array): number {
  return one.reduce((sum, value, at) => sum + value * (other[at] ?? 0), 0);
}

describe("the built-in embedder", () => {
  test("brings texts together that share no word but a subject", async () => {
    const embedder = await builtinSource.fit(texts);
    const [pipe, , , thieves] = await embedder.embedDocuments(texts);
    const query = await embedder.embedQuery("plumbing");
    expect(dot(query, pipe as Float32Array)).toBeGreaterThan(
      dot(query, thieves as Float32Array) + 0.3,
    );
  });

  test("finds a misspelled word", async () => {
    const embedder = await builtinSource.fit(texts);
    const vectors = await embedder.embedDocuments(texts);
    const query = await embedder.embedQuery("jewlelery");
    const likeness = vectors.map((vector) => dot(query, vector));
    expect(likeness.indexOf(Math.max(...likeness))).toBeWithin(3, 6);
  });

  test("is the same twice, and the same when it is restored from its record", async () => {
    const first = await builtinSource.fit(texts);
    const second = await builtinSource.fit(texts);
    expect(second.model).toEqual(first.model);
    const restored = await builtinSource.open(first.model);
    expect(restored?.model).toEqual(first.model);
    expect(await restored?.embedDocuments(texts)).toEqual(await first.embedDocuments(texts));
  });

  test("must be fitted first, and fits on nothing, on one text and on texts without words", async () => {
    expect(await builtinSource.open(undefined)).toBeUndefined();
    for (const sample of [[], ["water"], ["", "\u0000 \ud800", "…"]]) {
      const embedder = await builtinSource.fit(sample);
      const zero = new Float32Array(embedder.model.dimensions);
      expect(await embedder.embedQuery("…")).toEqual(zero);
      expect(await builtinSource.open(embedder.model)).toBeDefined();
    }
  });

  test.each([
    ["has doubled", 6, 11, 12],
    ["has grown to four times its size, once it was fitted on a sample", 12_000, 47_999, 48_000],
  ])("wants to be fitted anew when the index %s", async (_, fitted, before, grown) => {
    const { model } = await builtinSource.fit(texts, fitted);
    const isOutgrown = (chunks: number) => builtinSource.isOutgrown?.(model, chunks);
    expect([isOutgrown(before), isOutgrown(grown)]).toEqual([false, true]);
  });

  test("refuses a damaged record and another model's", async () => {
    const { model } = await builtinSource.fit(texts);
    const damaged = { ...model, data: model.data?.slice(0, -1) ?? new Uint8Array() };
    await expect(builtinSource.open(damaged)).rejects.toMatchObject({
      fault: "invalid_input",
      hint: "Run `rag-mcp reembed` to fit it anew.",
    });
    await expect(builtinSource.open({ ...model, id: "endpoint:mini" })).rejects.toMatchObject({
      fault: "conflict",
      message: 'Cannot use the embedding model "built-in": the index was made with "endpoint:mini"',
    });
  });
});
