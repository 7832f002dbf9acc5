import { describe, expect, test } from "bun:test";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onnxSource } from "./onnx.ts";

const folder = join(import.meta.dir, "fixtures", "tiny-onnx");

function cosine(one: Float32Array, other: Float32Array): number {
  const dot = (a: Float32Array, b: Float32Array) =>
    a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);
  return dot(one, other) / Math.sqrt(dot(one, one) * dot(other, other));
}

describe("the local model", () => {
  test("finds the text of the same meaning, in batches of unequal length", async () => {
    const embedder = await onnxSource(folder).fit([]);
    const texts = ["the vehicle", "a pipe leak in the water", "smoke", "hospital", ""];
    const many = Array.from({ length: 8 }, () => texts).flat();
    const vectors = await embedder.embedDocuments(many);
    const nearest = async (query: string) => {
      const vector = await embedder.embedQuery(query);
      const likeness = vectors.slice(0, 4).map((other) => cosine(vector, other));
      return texts[likeness.indexOf(Math.max(...likeness))];
    };
    expect([await nearest("my voiture"), await nearest("eau"), await nearest("feu")]).toEqual([
      "the vehicle",
      "a pipe leak in the water",
      "smoke",
    ]);
    expect(vectors.length).toBe(40);
    // A text's vector does not depend on what runs beside it.
    expect(vectors.slice(35)).toEqual(vectors.slice(0, 5));
    await embedder.close();
  });

  test("takes the prefixes of the export and names the model by its content", async () => {
    const embedder = await onnxSource(folder).fit([]);
    expect(embedder.model).toEqual({
      id: expect.stringMatching(/^onnx:tiny-onnx:[0-9a-f]{16}$/),
      dimensions: 8,
      documentPrefix: "passage: ",
      queryPrefix: "query: ",
    });
    const again = await onnxSource(folder).open(embedder.model);
    expect(again?.model).toEqual(embedder.model);
    await embedder.close();
    await again?.close();
  });

  test("cuts a text that is longer than the model takes", async () => {
    const embedder = await onnxSource(folder).fit([]);
    const [long, longer] = await embedder.embedDocuments([
      "car ".repeat(100),
      "car ".repeat(100_000),
    ]);
    expect(long).toEqual(longer as Float32Array);
    await embedder.close();
  });

  test("refuses an index of another model", () => {
    const stored = { id: "built-in-1", dimensions: 8, documentPrefix: "", queryPrefix: "" };
    expect(onnxSource(folder).open(stored)).rejects.toMatchObject({
      fault: "conflict",
      message: expect.stringContaining('the index was made with "built-in-1"'),
    });
  });

  test.each([
    [
      "model.onnx",
      undefined,
      "it holds none of model.onnx, onnx/model.onnx, onnx/model_quantized.onnx",
    ],
    ["model.onnx", "rubbish", "the run-time does not accept its model or tokenizer"],
    ["tokenizer.json", "{", "its tokenizer.json is missing or no such JSON"],
    ["tokenizer.json", "{}", "the run-time does not accept its model or tokenizer"],
  ])("says what is wrong when %s is %p", async (name, content, why) => {
    const copy = mkdtempSync(join(tmpdir(), "berth-onnx-"));
    cpSync(folder, copy, { recursive: true });
    if (content === undefined) rmSync(join(copy, name));
    else writeFileSync(join(copy, name), content);
    await expect(onnxSource(copy).fit([])).rejects.toMatchObject({
      fault: "invalid_config",
      message: `Cannot use the model folder ${JSON.stringify(copy)}: ${why}`,
    });
    rmSync(copy, { recursive: true });
  });
});
