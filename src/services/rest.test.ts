import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { openTestService, type TestService } from "../../tests/rest.ts";
import { Secret } from "../core/secret.ts";
import { customerService } from "./customer/service.ts";
import { financeService } from "./finance/service.ts";
import { bodyLimitBytes } from "./json-body.ts";

let customer: TestService;
let finance: TestService;

beforeAll(async () => {
  customer = await openTestService(customerService);
  finance = await openTestService(financeService, { corsOrigins: ["*"] });
});

afterAll(async () => {
  await customer.close();
  await finance.close();
});

/** The two services' failures for the same problem. */
const failures = (status: number, error: string, message: string, path: string) => ({
  customer: { timestamp: expect.any(String), status, error, message, errors: null },
  finance: {
    timestamp: expect.any(String),
    status,
    error,
    path,
    data: null,
    success: false,
    message,
    errors: null,
  },
});

describe("unknown paths and wrong methods", () => {
  test.each(["/", "/api", "/api/customers/", "/api/finance/", "/api/finance/orders/", "/nope/x y"])(
    "%s is not there",
    async (path) => {
      for (const [name, service] of Object.entries({ customer, finance })) {
        const { pathname } = new URL(path, "http://localhost");
        const answer = await service.send("GET", path);
        const message = `No static resource ${pathname.slice(1)}.`;
        const expected = failures(404, "Not Found", message, pathname);
        expect([answer.status, answer.json]).toEqual([
          404,
          expected[name as keyof typeof expected],
        ]);
      }
    },
  );

  test.each([
    ["PATCH", "/api/customers", "GET, HEAD, POST, OPTIONS"],
    ["DELETE", "/api/customers", "GET, HEAD, POST, OPTIONS"],
    ["POST", "/api/customers/AROUT", "GET, HEAD, PUT, DELETE, OPTIONS"],
    ["POST", "/actuator/health", "GET, HEAD, OPTIONS"],
  ])("%s %s is refused with the methods that are there", async (method, path, allow) => {
    const answer = await customer.send(method, path);
    const message = `Request method '${method}' is not supported`;
    expect([answer.status, answer.headers.get("allow"), answer.json]).toEqual([
      405,
      allow,
      failures(405, "Method Not Allowed", message, path).customer,
    ]);
  });

  test.each([
    ["GET", "/api/finance/orders/history", "POST, OPTIONS"],
    ["GET", "/api/finance/receipts/find-lost", "POST, OPTIONS"],
    ["PUT", "/api/finance/orders/8", "GET, HEAD, OPTIONS"],
  ])("finance: %s %s is refused, too", async (method, path, allow) => {
    const answer = await finance.send(method, path);
    const message = `Request method '${method}' is not supported`;
    expect([answer.status, answer.headers.get("allow"), answer.json]).toEqual([
      405,
      allow,
      failures(405, "Method Not Allowed", message, path).finance,
    ]);
  });

  test("OPTIONS tells the methods, HEAD the headers of GET", async () => {
    const options = await customer.send("OPTIONS", "/api/customers/AROUT");
    expect([options.status, options.text, options.headers.get("allow")]).toEqual([
      200,
      "",
      "GET, HEAD, PUT, DELETE, OPTIONS",
    ]);
    const head = await customer.send("HEAD", "/api/customers?phone=555");
    expect([head.status, head.headers.get("x-total-count")]).toEqual([200, "43"]);
    expect((await customer.send("HEAD", "/api/customers/NOONE")).status).toBe(404);
  });
});

describe("media types and bodies", () => {
  test.each([
    ["text/html", 406],
    ["application/xml, text/*;q=0.5", 406],
    ["application/json;q=0, */*", 406],
    ["*/*;q=0", 406],
    ["application/json", 200],
    ["application/json;charset=utf-8", 200],
    ["APPLICATION/JSON", 200],
    ["application/*", 200],
    ["text/html, */*;q=0.1", 200],
    ["", 200],
  ])("Accept: %s is answered with %p", async (accept, status) => {
    const answer = await customer.send("GET", "/api/customers/AROUT", { headers: { accept } });
    expect(answer.status).toBe(status);
    if (status === 200) return;
    expect(answer.json).toEqual(
      failures(406, "Not Acceptable", "No acceptable representation", "").customer,
    );
  });

  test.each([
    ["text/plain", 415],
    ["application/xml;charset=utf-8", 415],
    ["multipart/form-data; boundary=x", 415],
    ["application/jsonx", 415],
    ["application/json; charset=utf-8", 200],
    ["application/vnd.api+json", 200],
    ["Application/JSON", 200],
  ])("Content-Type: %s is answered with %p", async (type, status) => {
    const path = "/api/finance/orders/history";
    const answer = await finance.send("POST", path, {
      body: { customerId: "AROUT" },
      headers: { "content-type": type },
    });
    expect(answer.status).toBe(status);
    if (status === 200) return;
    const message = `Content-Type '${type}' is not supported`;
    expect(answer.json).toEqual(failures(415, "Unsupported Media Type", message, path).finance);
  });

  test("a body of 1 MiB is read and one of a byte more is not", async () => {
    const path = "/api/customers";
    const sized = (bytes: number) => {
      const head = '{"customerId":"BIG 1","companyName":"Big","junk":"';
      return `${head}${"x".repeat(bytes - head.length - 2)}"}`;
    };
    expect((await customer.send("POST", path, { body: sized(bodyLimitBytes) })).status).toBe(201);
    const answer = await customer.send("POST", path, { body: sized(bodyLimitBytes + 1) });
    expect([answer.status, answer.json]).toEqual([
      413,
      failures(413, "Payload Too Large", "Request body too large", "").customer,
    ]);
  });
});

describe("request ids", () => {
  test("a client's id comes back; none, a long or an odd one is replaced", async () => {
    const idFor = async (id?: string) => {
      const headers = id === undefined ? {} : { "x-request-id": id };
      return (await customer.send("GET", "/api/nope", { headers })).headers.get("x-request-id");
    };
    expect(await idFor("order-desk:42")).toBe("order-desk:42");
    for (const id of [undefined, "a b", "x".repeat(129)]) {
      expect(await idFor(id)).toMatch(/^[0-9a-f-]{36}$/);
    }
  });
});

describe("CORS", () => {
  const origin = "https://desk.example";
  test("everyone may read finance, nobody its test path, nobody customers", async () => {
    const allowed = async (service: TestService, path: string) =>
      (await service.send("GET", path, { headers: { origin } })).headers.get(
        "access-control-allow-origin",
      );
    expect([
      await allowed(finance, "/api/finance/orders/8"),
      await allowed(finance, "/api/finance/nope"),
      await allowed(finance, "/api/test/health"),
      await allowed(customer, "/api/customers/AROUT"),
    ]).toEqual(["*", "*", null, null]);
  });

  test("a preflight is answered with what it asked for", async () => {
    const answer = await finance.send("OPTIONS", "/api/finance/orders/history", {
      headers: {
        origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type",
      },
    });
    expect([
      answer.status,
      answer.headers.get("access-control-allow-methods"),
      answer.headers.get("access-control-allow-headers"),
    ]).toEqual([200, "POST, OPTIONS", "content-type"]);
  });

  test("a list of origins grants to those on it alone", async () => {
    const narrow = await openTestService(customerService, { corsOrigins: [origin] });
    const headersFor = async (from: string) => {
      const { headers } = await narrow.send("GET", "/api/customers/AROUT", {
        headers: { origin: from },
      });
      return [headers.get("access-control-allow-origin"), headers.get("vary")];
    };
    expect(await headersFor(origin)).toEqual([origin, "Origin"]);
    expect(await headersFor("https://evil.example")).toEqual([null, "Origin"]);
    await narrow.close();
  });
});

describe("the bearer token", () => {
  test("is demanded of clients when it is set, and not of probes", async () => {
    const guarded = await openTestService(customerService, { token: new Secret("s3cret") });
    const statusFor = async (path: string, authorization?: string) => {
      const headers = authorization === undefined ? {} : { authorization };
      return (await guarded.send("GET", path, { headers })).status;
    };
    expect([
      await statusFor("/api/customers/AROUT"),
      await statusFor("/api/customers/AROUT", "Bearer wrong"),
      await statusFor("/api/customers/AROUT", "Bearer s3cret"),
      await statusFor("/actuator/health/readiness"),
      await statusFor("/v3/api-docs"),
    ]).toEqual([401, 401, 200, 200, 200]);
    const refused = await guarded.send("GET", "/api/customers/AROUT");
    expect(refused.headers.get("www-authenticate")).toBe("Bearer");
    await guarded.close();
  });
});
