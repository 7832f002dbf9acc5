import { existsSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import * as z from "zod";
import { AppError } from "../../../src/core/fault.ts";

/** What a folder of a sentence-transformers export says about its model. */
export interface OnnxFolder {
  /** The folder's name with a hash of the model and its tokenizer: the same id means the same vectors. */
  id: string;
  model: Uint8Array;
  tokenizer: object;
  tokenizerConfig: object;
  /** How the vectors of the tokens become one. */
  pooling: "mean" | "cls";
  /** Tokens of one text at most, special ones included. */
  tokenLimit: number;
  documentPrefix: string;
  queryPrefix: string;
}

/** The largest model, in bytes: beyond it WebAssembly's memory does not hold model and run. */
const modelLimitBytes = 1_500_000_000;
/** The tokens of a text when the export does not say, as most small models have it. */
const usualTokenLimit = 512;

const record = z.record(z.string(), z.unknown());
const tokenizerConfig = z.looseObject({ model_max_length: z.number().optional() });
const poolingConfig = z.looseObject({ pooling_mode_cls_token: z.boolean().optional() });
const limitConfig = z.looseObject({ max_seq_length: z.number().int().positive().optional() });
const promptConfig = z.looseObject({ prompts: z.record(z.string(), z.string()).optional() });

/** The names under which exports keep their prompts for queries and documents. */
const queryPrompts: readonly string[] = ["query", "search_query"];
const documentPrompts: readonly string[] = ["document", "passage", "search_document", "corpus"];

/** Reads the folder of a local model. @throws AppError `invalid_config` that names the file that is missing or wrong. */
export async function readOnnxFolder(folder: string): Promise<OnnxFolder> {
  const model = await readModel(folder);
  const tokenizer = await readJson(folder, "tokenizer.json", record, true);
  const config = await readJson(folder, "tokenizer_config.json", tokenizerConfig, true);
  const pooling = await readJson(folder, "1_Pooling/config.json", poolingConfig);
  const limits = await readJson(folder, "sentence_bert_config.json", limitConfig);
  const { prompts = {} } = await readJson(
    folder,
    "config_sentence_transformers.json",
    promptConfig,
  );
  const hash = new Bun.CryptoHasher("sha256").update(model).update(JSON.stringify(tokenizer));
  const find = (names: readonly string[]) => names.map((name) => prompts[name]).find(Boolean) ?? "";
  return {
    id: `onnx:${basename(resolve(folder))}:${hash.digest("hex").slice(0, 16)}`,
    model,
    tokenizer,
    tokenizerConfig: config,
    pooling: pooling.pooling_mode_cls_token ? "cls" : "mean",
    // Some tokenizers say 1e30, which means that they do not know.
    tokenLimit: Math.min(limits.max_seq_length ?? config.model_max_length ?? usualTokenLimit, 8192),
    documentPrefix: find(documentPrompts),
    queryPrefix: find(queryPrompts),
  };
}

async function readModel(folder: string): Promise<Uint8Array> {
  const places = ["model.onnx", "onnx/model.onnx", "onnx/model_quantized.onnx"];
  const path = places.map((name) => join(folder, name)).find((file) => existsSync(file));
  if (path === undefined) {
    throw unusable(folder, `it holds none of ${places.join(", ")}`);
  }
  const { size } = statSync(path);
  if (size > modelLimitBytes) {
    throw unusable(folder, `its model has ${size} bytes, more than ${modelLimitBytes}`);
  }
  return Bun.file(path).bytes();
}

async function readJson<T extends z.ZodType>(
  folder: string,
  name: string,
  schema: T,
  isNeeded = false,
): Promise<z.output<T>> {
  const file = Bun.file(join(folder, name));
  if (!isNeeded && !(await file.exists())) return schema.parse({});
  const parsed = schema.safeParse(await file.json().catch(() => undefined));
  if (!parsed.success) throw unusable(folder, `its ${name} is missing or no such JSON`);
  return parsed.data;
}

/** The fault of a folder that cannot be used. */
export function unusable(folder: string, why: string, cause?: unknown): AppError {
  return new AppError(
    "invalid_config",
    `Cannot use the model folder ${JSON.stringify(folder)}: ${why}`,
    {
      hint: "Set EMBEDDING_MODEL_DIR to a sentence-transformers export with model.onnx and tokenizer.json.",
      cause,
    },
  );
}
