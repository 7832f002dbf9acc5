import * as z from "zod";
import { secretSetting } from "../../../src/core/commonSettings.ts";
import { defineSettings, type SettingValues, wholeNumber } from "../../../src/core/settings.ts";
import { builtinSource } from "./builtin.ts";
import { endpointSource } from "./endpoint.ts";
import type { EmbedderSource } from "./port.ts";

/** The first wait before a failed request is tried again, in milliseconds. */
const retryDelayMs = 500;

const optionalUrl = z.string().refine((text) => text === "" || /^https?:\/\//.test(text));

/** Which embedder makes the vectors; a folder beats an address, and without either the built-in one works. */
export const embedderSettings = defineSettings({
  embeddingsUrl: {
    flag: "embeddings-url",
    env: ["EMBEDDINGS_URL", "LLAMASTACK_ENDPOINT"],
    parse: optionalUrl,
    expected: "an http(s) URL, for example http://localhost:8321",
    default: "",
    about: "An OpenAI-compatible server whose /v1/embeddings makes the vectors; needs a model",
  },
  embeddingModel: {
    flag: "embedding-model",
    env: ["EMBEDDING_MODEL"],
    parse: z.string(),
    expected: "a model's name",
    default: "",
    about: "The model to ask the embedding server for; without it the server is not used",
  },
  embeddingsToken: secretSetting(
    ["EMBEDDINGS_TOKEN", "LLAMASTACK_API_KEY"],
    "The bearer token of the embedding server",
  ),
  embeddingsPerMinute: {
    flag: "embeddings-per-minute",
    env: ["EMBEDDINGS_PER_MINUTE"],
    parse: wholeNumber(0),
    expected: "a whole number",
    default: "0",
    about: "Requests to the embedding server a minute at most; 0 for no limit",
  },
  embeddingDocumentPrefix: {
    env: ["EMBEDDING_DOCUMENT_PREFIX"],
    parse: z.string(),
    expected: "a text",
    default: "",
    about: "What the served model wants before each passage",
  },
  embeddingQueryPrefix: {
    env: ["EMBEDDING_QUERY_PREFIX"],
    parse: z.string(),
    expected: "a text",
    default: "",
    about: "What the served model wants before each query",
  },
  embeddingModelDir: {
    flag: "embedding-model-dir",
    env: ["EMBEDDING_MODEL_DIR"],
    parse: z.string(),
    expected: "a folder",
    default: "",
    about: "A folder with a sentence-transformers ONNX export, which is run in this process",
  },
});

/** The embedder that the settings name. The local model's run-time is loaded only when one is named. */
export async function chooseEmbedder(
  values: SettingValues<typeof embedderSettings>,
): Promise<EmbedderSource> {
  if (values.embeddingModelDir !== "") {
    const { onnxSource } = await import("./onnx.ts");
    return onnxSource(values.embeddingModelDir);
  }
  if (values.embeddingsUrl === "" || values.embeddingModel === "") return builtinSource;
  return endpointSource({
    url: values.embeddingsUrl,
    model: values.embeddingModel,
    token: values.embeddingsToken,
    documentPrefix: values.embeddingDocumentPrefix,
    queryPrefix: values.embeddingQueryPrefix,
    requestsPerMinute: values.embeddingsPerMinute,
    retryDelayMs,
  });
}
