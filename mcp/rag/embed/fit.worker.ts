import { fitModel } from "./fit.ts";
import { encodeModel } from "./fittedModel.ts";

declare const self: Worker;

/** What to fit on, and for an index of how many texts. */
export interface FitOrder {
  texts: readonly string[];
  dimensions: number;
  indexTexts: number;
}

/** Fits a model apart from the thread that answers searches, which it would hold up for seconds. */
self.onmessage = ({ data }: MessageEvent<FitOrder>) => {
  self.postMessage(encodeModel(fitModel(data.texts, data)));
};
