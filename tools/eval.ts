/** `bun run eval [options]`: puts the dataset to a model and scores its tool calls, their arguments and its answers. */
import * as z from "zod";
import { optionalUrl } from "../src/core/commonSettings.ts";
import { AppError } from "../src/core/fault.ts";
import { defineSettings, list } from "../src/core/settings.ts";
import { openEndpoint } from "./agents/endpoint.ts";
import { runAgent } from "./agents/program.ts";
import { agentSettings } from "./agents/settings.ts";
import { claimQuestions, type Question, readQuestions } from "./eval/dataset.ts";
import { markdownOf, reportOf } from "./eval/report.ts";
import { askQuestion, decideClaims, type Evaluated } from "./eval/run.ts";
import { openWorld } from "./eval/world.ts";

const endpointUrl = z.union([
  z.literal("").transform(() => undefined),
  agentSettings.llamaStackUrl.parse,
]);
const url = "an http(s) URL";
const { model, apiKey, timeoutSeconds, toolToken } = agentSettings;
const settings = {
  model,
  apiKey,
  timeoutSeconds,
  toolToken,
  ...defineSettings({
    endpoint: {
      flag: "endpoint",
      parse: endpointUrl,
      expected: url,
      default: "",
      about: "The Responses endpoint to evaluate; without it a model of rules is evaluated",
    },
    customerMcp: {
      flag: "customer-mcp",
      parse: optionalUrl,
      expected: url,
      default: "",
      about: "A customer server that runs already, for an endpoint on another machine",
    },
    financeMcp: {
      flag: "finance-mcp",
      parse: optionalUrl,
      expected: url,
      default: "",
      about: "A finance server that runs already; without the two, everything is started here",
    },
    claimsApi: {
      flag: "claims-api",
      parse: optionalUrl,
      expected: url,
      default: "",
      about:
        "A claims service that runs already, on the same endpoint; its pending claims are decided",
    },
    only: {
      flag: "only",
      parse: list,
      expected: "topics or ids, with commas between them",
      default: "",
      about: "Asks only these",
    },
    json: {
      flag: "json",
      parse: z.string(),
      expected: "a file",
      default: "",
      about: "Writes the whole report there as JSON",
    },
    markdown: {
      flag: "markdown",
      parse: z.string(),
      expected: "a file",
      default: "",
      about: "Writes the printed report there as well",
    },
    least: {
      flag: "least",
      parse: z.coerce.number<string>().min(0).max(1),
      expected: "a number from 0 to 1",
      default: "0",
      about: "Fails when the total of all questions is below it",
    },
  }),
};

await runAgent({
  name: "eval",
  about: "Scores a model on questions about customers, finance and claims, with the real servers.",
  settings,
  examples: [
    "bun run eval",
    "bun run eval --endpoint http://localhost:8321 --model vllm/qwen3-14b --json report.json",
  ],
  async run(values, signal) {
    const wanted = wantedBy(values.only);
    const questions = (await readQuestions()).filter(wanted);
    if (questions.length === 0 && !claimQuestions().some(wanted)) {
      throw new AppError("usage", `Cannot evaluate "${values.only}": no such topic or id`, {
        hint: "The ids and topics are in tools/eval/questions.jsonl; the claims' topic is claims.",
      });
    }
    const { endpoint } = values;
    if (endpoint !== undefined) {
      // Before everything is started for nothing.
      await openEndpoint({ ...values, llamaStackUrl: endpoint }).checkModel(signal);
    }
    await using world = await openWorld(values);
    const results: Evaluated[] = [];
    for (const question of questions) {
      results.push(await askQuestion(question, { ...values, ...world }, signal));
    }
    const { claimsApi } = world;
    if (claimsApi === undefined) console.log("Left out: the claims; --claims-api is not set.\n");
    else for await (const one of decideClaims(claimsApi, { wanted, signal })) results.push(one);
    const about = { model: world.model, endpoint: endpoint ?? "the model of rules" };
    const report = reportOf(about, results);
    console.log(markdownOf(report));
    if (values.json) await Bun.write(values.json, `${JSON.stringify(report, null, 2)}\n`);
    if (values.markdown) await Bun.write(values.markdown, `${markdownOf(report)}\n`);
    if (report.all.total >= values.least) return;
    const { total } = report.all;
    throw new AppError("conflict", `The total is ${total.toFixed(3)}; expected ${values.least}`);
  },
});

function wantedBy(only: readonly string[]): (question: Question) => boolean {
  return ({ id, topic }) => only.length === 0 || only.includes(id) || only.includes(topic);
}
