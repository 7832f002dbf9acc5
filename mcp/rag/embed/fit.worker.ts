import { fitModel } from "./fit.ts";
import { encodeModel } from "./fittedModel.ts";

declare const self: Worker;

/** Fits a model apart from the thread that answers searches, which it would hold up for seconds. */
self.onmessage = ({ data }: MessageEvent<{ texts: readonly string[]; dimensions: number }>) => {
  const bytes = encodeModel(fitModel(data.texts, data.dimensions));
  self.postMessage(bytes);
};
