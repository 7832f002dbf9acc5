import { Tokenizer } from "@huggingface/tokenizers";
import wasmPath from "onnxruntime-web/ort-wasm-simd-threaded.wasm" with { type: "file" };
import * as ort from "onnxruntime-web/wasm";
import { embeddedPath } from "../../../src/core/built.ts";
import type { ModelRecord } from "../store/port.ts";
import { refuseOtherModel } from "./mismatch.ts";
import { type OnnxFolder, readOnnxFolder, unusable } from "./onnxFiles.ts";
import type { Embedder, EmbedderSource } from "./port.ts";

/** Texts that run together at most; more gain nothing on one thread and take memory by their longest. */
const batchTexts = 16;
/** Characters of a text that are tokenized at most, for each token that the model takes. */
const charactersPerToken = 12;

/** The embedder of a model in a local folder, run in this process by WebAssembly. */
export function onnxSource(folder: string): EmbedderSource {
  const openFolder = async (stored?: ModelRecord): Promise<Embedder> => {
    const files = await readOnnxFolder(folder);
    const isOther =
      stored && (stored.id !== files.id || stored.documentPrefix !== files.documentPrefix);
    if (isOther) refuseOtherModel(stored, files.id);
    return openEmbedder(folder, files);
  };
  return { kind: "onnx", open: openFolder, fit: () => openFolder() };
}

async function openEmbedder(folder: string, files: OnnxFolder): Promise<Embedder> {
  const fail = (cause: unknown) => {
    throw unusable(folder, "the run-time does not accept its model or tokenizer", cause);
  };
  // The binary has no folder of wasm files to load from; numThreads 1 keeps the run-time from asking for workers.
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmBinary ??= await Bun.file(embeddedPath(wasmPath)).arrayBuffer();
  const session = await ort.InferenceSession.create(files.model).catch(fail);
  const runner: Runner = { session, tokenizer: createTokenizer(files, fail), files };
  const { id, documentPrefix, queryPrefix } = files;
  const [probe] = await runBatch(runner, ["dimensions"]).catch(fail);
  const embedAll = async (texts: readonly string[], signal?: AbortSignal) => {
    const vectors: Float32Array[] = [];
    for (let start = 0; start < texts.length; start += batchTexts) {
      signal?.throwIfAborted();
      vectors.push(...(await runBatch(runner, texts.slice(start, start + batchTexts))));
    }
    return vectors;
  };
  return {
    model: { id, dimensions: probe?.length ?? 0, documentPrefix, queryPrefix },
    embedDocuments: (texts, signal) =>
      embedAll(
        texts.map((text) => documentPrefix + text),
        signal,
      ),
    embedQuery: async (text, signal) => {
      const [vector] = await embedAll([queryPrefix + text], signal);
      if (!vector) throw new Error("a query was embedded into no vector");
      return vector;
    },
    close: () => session.release(),
  };
}

interface Runner {
  session: ort.InferenceSession;
  tokenizer: Tokenizer;
  files: OnnxFolder;
}

function createTokenizer(files: OnnxFolder, fail: (cause: unknown) => never): Tokenizer {
  try {
    return new Tokenizer(files.tokenizer, files.tokenizerConfig);
  } catch (cause) {
    return fail(cause);
  }
}

async function runBatch(runner: Runner, texts: readonly string[]): Promise<Float32Array[]> {
  const rows = texts.map((text) => tokenize(runner, text));
  const length = Math.max(...rows.map((row) => row.length));
  const ids = new BigInt64Array(rows.length * length);
  const mask = new BigInt64Array(rows.length * length);
  for (const [row, tokens] of rows.entries()) {
    for (const [at, token] of tokens.entries()) {
      ids[row * length + at] = BigInt(token);
      mask[row * length + at] = 1n;
    }
  }
  const tensor = (data: BigInt64Array) => new ort.Tensor("int64", data, [rows.length, length]);
  const inputs: Record<string, ort.Tensor> = {
    input_ids: tensor(ids),
    attention_mask: tensor(mask),
  };
  const { session } = runner;
  if (session.inputNames.includes("token_type_ids")) {
    inputs.token_type_ids = tensor(new BigInt64Array(ids.length));
  }
  const outputs = await session.run(inputs);
  const output = outputs.sentence_embedding ?? outputs[session.outputNames[0] ?? ""];
  if (!(output?.data instanceof Float32Array))
    throw new Error("the model's output holds no 32-bit numbers");
  return poolRows({ data: output.data, dims: output.dims }, rows, runner.files.pooling);
}

/** The token ids, cut to the model's limit with the last special token kept. */
function tokenize({ tokenizer, files }: Runner, text: string): number[] {
  const { ids } = tokenizer.encode(
    text.toWellFormed().slice(0, files.tokenLimit * charactersPerToken),
  );
  if (ids.length <= files.tokenLimit) return ids;
  return [...ids.slice(0, files.tokenLimit - 1), ...ids.slice(-1)];
}

interface Output {
  data: Float32Array;
  /** texts, dimensions; or texts, tokens, dimensions. */
  dims: readonly number[];
}

function poolRows(
  { data, dims }: Output,
  rows: readonly (readonly number[])[],
  pooling: OnnxFolder["pooling"],
): Float32Array[] {
  const dimensions = dims.at(-1) ?? 0;
  const perText = dims.length === 3 ? (dims[1] ?? 0) : 1;
  return rows.map((tokens, row) => {
    const start = row * perText * dimensions;
    const used = dims.length === 3 && pooling === "mean" ? tokens.length : 1;
    const vector = new Float32Array(dimensions);
    for (let at = 0; at < used; at++) {
      for (let k = 0; k < dimensions; k++) {
        vector[k] = (vector[k] ?? 0) + (data[start + at * dimensions + k] ?? 0) / used;
      }
    }
    return vector;
  });
}
