import { AppError } from "../../core/fault.ts";
import { openPage } from "../../pages/assets.ts";
import chatPage from "../../pages/chat/index.html";
import { defineOperation, jsonAnswer, type Operation } from "../operation.ts";

/** The page with its files, and the probes; open to everybody, because they hold no data. */
export function pageOperations(): Operation[] {
  const page = openPage(chatPage, {
    source: new URL("../../pages/chat/index.html", import.meta.url),
    assetPath: "pages/",
  });
  const open = {
    method: "GET",
    tag: "Pages",
    answers: {},
    isInternal: true,
    isProbe: true,
  } as const;
  return [
    defineOperation({
      ...open,
      path: "/",
      summary: "Get the page",
      produces: "text/html",
      answer: ({ request }) => page.answerDocument(request),
    }),
    defineOperation({
      ...open,
      path: "/pages/:name",
      summary: "Get a file of the page",
      params: { name: "The file's name" },
      produces: "a file of the page",
      async answer({ request, params }) {
        const answer = await page.answerAsset(request, params.name ?? "");
        if (answer === undefined) throw new AppError("not_found", "Not Found");
        return answer;
      },
    }),
    ...["/health", "/health/live", "/health/ready"].map((path) =>
      defineOperation({
        ...open,
        path,
        summary: "Tell that the process runs",
        answer: () => jsonAnswer(200, { status: "ok" }),
      }),
    ),
  ];
}
