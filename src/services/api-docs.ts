import stylePath from "swagger-ui-dist/swagger-ui.css" with { type: "file" };
import bundlePath from "swagger-ui-dist/swagger-ui-bundle.js" with { type: "file" };
import { describeOperations } from "./openapi.ts";
import { defineOperation, jsonAnswer, type Operation } from "./operation.ts";

/** Where clients of a service expect its documentation beside the paths that all services have. */
export interface ApiDocsPaths {
  document: string;
  page: string;
}

/** The OpenAPI document in both forms, and Swagger UI from embedded files: it works without any network. */
export function apiDocsOperations(
  service: { title: string; about: string; docs?: ApiDocsPaths },
  operations: readonly Operation[],
): Operation[] {
  const document = describeOperations(service, operations);
  const { docs } = service;
  return [
    ...(docs ? [page(docs.document, () => jsonAnswer(200, document))] : []),
    ...(docs ? [page(docs.page, () => Response.redirect("/swagger-ui/index.html", 302))] : []),
    page("/v3/api-docs", () => jsonAnswer(200, document)),
    page("/v3/api-docs.yaml", () =>
      typed("application/yaml", Bun.YAML.stringify(document, null, 2)),
    ),
    page("/swagger-ui.html", () => Response.redirect("/swagger-ui/index.html", 302)),
    page("/swagger-ui/index.html", () =>
      typed("text/html; charset=utf-8", pageText(service.title)),
    ),
    page("/swagger-ui/start.js", () => typed("text/javascript", startText)),
    page("/swagger-ui/swagger-ui-bundle.js", () => typed("text/javascript", Bun.file(bundlePath))),
    page("/swagger-ui/swagger-ui.css", () => typed("text/css", Bun.file(stylePath))),
  ];
}

function page(path: string, answer: () => Response): Operation {
  return defineOperation({
    method: "GET",
    path,
    tag: "Documentation",
    summary: "Documentation",
    answers: {},
    produces: "documentation",
    isInternal: true,
    answer,
  });
}

function typed(type: string, body: string | Bun.BunFile): Response {
  return new Response(body, { headers: { "content-type": type } });
}

/** Relative addresses, so that the page also works behind a proxy that adds a prefix. */
const startText = `SwaggerUIBundle({ url: "../v3/api-docs", dom_id: "#swagger-ui", deepLinking: true });\n`;

function pageText(title: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>${title}</title>
    <link rel="stylesheet" href="swagger-ui.css" />
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="swagger-ui-bundle.js"></script>
    <script src="start.js"></script>
  </body>
</html>
`;
}
