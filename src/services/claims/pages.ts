import { AppError } from "../../core/fault.ts";
import { openPage } from "../../pages/assets.ts";
import claimsPage from "../../pages/claims/index.html";
import { wantsPage } from "../../pages/headers.ts";
import { defineOperation, type Operation } from "../operation.ts";
import { openGuard } from "./guards.ts";

/** The claims page; it holds no data, so it is open to everybody: what it shows, it asks for with the reader's token. */
const page = openPage(claimsPage, {
  source: new URL("../../pages/claims/index.html", import.meta.url),
  assetPath: "pages/",
});

/** The same operations, with the claims page for browsers at `/`, and the files of the page. */
export function withPage(operations: readonly Operation[], prefix: string): Operation[] {
  return [...operations.map((one) => withPageAtRoot(one, prefix)), assetOperation];
}

function withPageAtRoot(operation: Operation, prefix: string): Operation {
  if (operation.path !== "/") return operation;
  return {
    ...operation,
    produces: "application/json or text/html",
    answer: (incoming) =>
      wantsPage(incoming.request)
        ? page.answerDocument(incoming.request, { api: prefix.slice(1) })
        : operation.answer(incoming),
  };
}

const assetOperation = defineOperation({
  method: "GET",
  path: "/pages/:name",
  tag: "Pages",
  summary: "Get a file of the claims page",
  params: { name: "The file's name" },
  answers: {},
  produces: "a file of the page",
  guard: openGuard,
  isInternal: true,
  isProbe: true,
  async answer({ request, params }) {
    const answer = await page.answerAsset(request, params.name ?? "");
    if (answer === undefined) throw new AppError("not_found", "Not Found");
    return answer;
  },
});
