import { describe, expect, test } from "bun:test";
import { useTestService } from "../../tests/rest.ts";
import { customerService } from "./customer/service.ts";
import { financeService } from "./finance/service.ts";

const customer = useTestService(customerService);
const finance = useTestService(financeService);

describe("operations", () => {
  test.each([
    ["/actuator/health", '{"status":"UP","groups":["liveness","readiness"]}'],
    ["/actuator/health/liveness", '{"status":"UP"}'],
    ["/actuator/health/readiness", '{"status":"UP"}'],
    ["/actuator/info", "{}"],
  ])("%s is served by both", async (path, text) => {
    for (const service of [customer, finance]) {
      const answer = await service.send("GET", path, { headers: { accept: "text/html" } });
      expect([answer.status, answer.text, answer.headers.get("content-type")]).toEqual([
        200,
        text,
        "application/vnd.spring-boot.actuator.v3+json",
      ]);
    }
  });

  test("/metrics counts by method, route and status, never by path", async () => {
    await customer.send("GET", "/api/customers/AROUT");
    await customer.send("GET", "/api/secret-path");
    const { text, headers } = await customer.send("GET", "/metrics");
    expect(headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    expect(text).toMatch(
      /http_server_requests_seconds_count\{method="GET",uri="\/api\/customers\/:customerId",status="200"\} \d+/,
    );
    expect(text).not.toContain("secret-path");
  });

  test("the OpenAPI document describes every operation with typed answers and examples", async () => {
    for (const [service, count] of [
      [customer, 5],
      [finance, 14],
    ] as const) {
      const document = (await service.send("GET", "/v3/api-docs")).json as OpenApi;
      const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
      expect(operations).toHaveLength(count);
      for (const { summary, responses } of operations) {
        const statuses = Object.keys(responses);
        expect([summary, statuses.some((status) => status < "300")]).toEqual([summary, true]);
        for (const [status, { content }] of Object.entries(responses)) {
          if (status === "204") continue;
          const json = content?.["application/json"];
          expect([summary, status, Object.keys(json ?? {})]).toEqual([
            summary,
            status,
            ["schema", "example"],
          ]);
        }
      }
      const yaml = await service.send("GET", "/v3/api-docs.yaml");
      expect(Bun.YAML.parse(yaml.text)).toEqual(document);
    }
  });

  test("the documentation's page loads nothing from elsewhere", async () => {
    const redirect = await customer.send("GET", "/swagger-ui.html");
    expect([redirect.status, redirect.headers.get("location")]).toEqual([
      302,
      "/swagger-ui/index.html",
    ]);
    const page = await customer.send("GET", "/swagger-ui/index.html");
    expect(page.text).not.toMatch(/https?:/);
    const references = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file]) => file);
    expect(references).toEqual(["swagger-ui.css", "swagger-ui-bundle.js", "start.js"]);
    for (const file of references) {
      expect((await customer.send("GET", `/swagger-ui/${file}`)).status).toBe(200);
    }
  });
});

interface OpenApi {
  paths: Record<
    string,
    Record<
      string,
      { summary: string; responses: Record<string, { content?: Record<string, object> }> }
    >
  >;
}
