/** The compose file: read as Docker Compose reads it, and run by podman-compose from our images. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ComposeProject, composeFile, composeProject } from "../../tools/deploy/compose.ts";
import { goTool } from "../../tools/deploy/goTools.ts";
import { podman } from "../../tools/deploy/podman.ts";
import { runTool } from "../../tools/deploy/runTool.ts";
import { connectHttp } from "../clients.ts";
import { callTool } from "../toolCalls.ts";

/** The first run of a machine builds the reader and fetches PostgreSQL. */
const limitMs = 600_000;
/** How long everything may take to be ready after it was started, in milliseconds. */
const readyLimitMs = 60_000;
/** With characters that a URL would have to escape. */
const env = { POSTGRES_PASSWORD: "a p@ss/word:?", INTERNAL_TOKEN: "a-token-of-this-test" };

const folder = mkdtempSync(join(tmpdir(), "berth-compose-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** What Docker Compose's own library makes of a file. */
async function read(file: string, given: Record<string, string>) {
  const reader = await goTool("compose-reader");
  return runTool([reader, file], { env: { ...unset, ...given }, codes: [0, 1] });
}
const unset = { POSTGRES_PASSWORD: "", INTERNAL_TOKEN: "" };

test(
  "Docker Compose's reader knows every key, and every service but the two that prepare is confined",
  async () => {
    const { code, out, err } = await read(composeFile, env);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const { services } = JSON.parse(out) as {
      services: Record<string, { read_only?: boolean; cap_drop?: string[] }>;
    };
    const open = Object.entries(services).filter(([, each]) => !each.read_only || !each.cap_drop);
    expect(open.map(([name]) => name).sort()).toEqual(["postgres", "samples"]);
  },
  limitMs,
);

test(
  "a key that nobody knows and a password that is missing are refused by name",
  async () => {
    const misspelt = join(folder, "misspelt.yaml");
    writeFileSync(misspelt, (await Bun.file(composeFile).text()).replace("read_only", "readonly"));
    const unknown = await read(misspelt, env);
    const missing = await read(composeFile, { INTERNAL_TOKEN: "x" });
    expect([unknown.code, missing.code]).toEqual([1, 1]);
    expect(unknown.err).toContain("readonly");
    expect(missing.err).toContain("POSTGRES_PASSWORD is missing a value: set a password");
  },
  limitMs,
);

describe("podman-compose starts everything, and", () => {
  let project: ComposeProject;
  beforeAll(async () => {
    project = await composeProject(env);
    await project.up();
    await untilReady();
  }, limitMs);
  afterAll(() => project?.[Symbol.asyncDispose](), limitMs);

  async function untilReady(): Promise<void> {
    for (const name of [...others, ...Object.keys(calls)]) {
      const until = performance.now() + readyLimitMs;
      const url = `${await project.urlOf(name)}/readyz`;
      const isReady = () =>
        fetch(url).then(
          ({ ok }) => ok,
          () => false,
        );
      while (!(await isReady())) {
        if (performance.now() > until) throw new Error(`${name} is not ready`);
        await Bun.sleep(100);
      }
    }
  }

  const others = ["customer", "finance", "claims", "decision-mcp"];
  const calls: Readonly<Record<string, [string, object, RegExp]>> = {
    "customer-mcp": ["get_customer", { customer_id: "AROUT" }, /Around the Horn/],
    "finance-mcp": ["fetch_order_history", { customer_id: "AROUT" }, /ORD-008/],
    "ocr-mcp": ["ocr_document", { document_path: "CLM-2025-0001.pdf" }, /Nora Whitfield/],
    "rag-mcp": ["retrieve_user_info", { user_id: "USR001" }, /USR001/],
  };

  test(
    "the two sample requests are answered",
    async () => {
      const path = "/api/customers?contactEmail=thomashardy%40example.com";
      const found = await (await fetch(`${await project.urlOf("customer")}${path}`)).json();
      const orders = `${await project.urlOf("finance")}/api/finance/orders/history`;
      const history = await fetch(orders, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ customerId: "AROUT", limit: 10 }),
      });
      expect(found).toEqual([expect.objectContaining({ customerId: "AROUT" })]);
      expect(await history.json()).toMatchObject({
        count: 3,
        data: [{ id: 8 }, { id: 3 }, { id: 4 }],
      });
    },
    limitMs,
  );

  test.each(Object.entries(calls))(
    "%s answers a call",
    async (name, [tool, args, expected]) => {
      await using client = await connectHttp(`${await project.urlOf(name)}/mcp`);
      const until = performance.now() + readyLimitMs;
      let { content, isError } = await callTool(client, tool, args);
      // The index of the retrieval server follows the claims service after some seconds.
      while (isError && performance.now() < until) {
        await Bun.sleep(200);
        ({ content, isError } = await callTool(client, tool, args));
      }
      expect({ isError: isError ?? false, text: JSON.stringify(content) }).toEqual({
        isError: false,
        text: expect.stringMatching(expected),
      });
    },
    limitMs,
  );

  test(
    "a claim is taken to its decision through the decision server, which is still there after everything was taken down and started again",
    async () => {
      const api = async () => `${await project.urlOf("claims")}/api/v1/claims`;
      const { claims } = await (await fetch(`${await api()}?search=CLM-2025-0001`)).json();
      const decision = async () => (await fetch(`${await api()}/${claims[0].id}/decision`)).json();
      await fetch(`${await api()}/${claims[0].id}/process?wait=true`, { method: "POST" });
      const before = await decision();
      await project.down();
      await project.up();
      await untilReady();
      expect(before).toMatchObject({ decision: "approve" });
      expect(await decision()).toEqual(before);
    },
    limitMs,
  );

  test("no port is open but on loopback", async () => {
    const { out } = await podman(["ps", "--format", "{{.Names}} {{.Ports}}"]);
    const own = out.split("\n").filter((line) => line.startsWith(`berthtest${process.pid}_`));
    expect(own.filter((line) => /(0\.0\.0\.0|\[?::\]?):\d+->/.test(line))).toEqual([]);
    expect(own).toHaveLength(9);
  });
});
