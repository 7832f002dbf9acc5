import { expect, test } from "bun:test";
import { startGateway } from "../../tests/edge/gateway.ts";
import { Secret } from "../core/secret.ts";
import { Access } from "./access.ts";
import { mcpServerResources, playgroundConfigMap } from "./cluster-objects.ts";
import { formsOf } from "./llama-stack.ts";
import { register } from "./register.ts";

/**
 * A Llama Stack as far as registering goes; `reaches` is whether it can connect to what is registered. It keeps the first list
 * of a toolgroup for good, as the real one does.
 */
function startStack(version: string, reaches = true) {
  const lists = new Map<string, object[]>();
  const groups = new Map<string, string>();
  const requests: string[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request): Promise<Response> {
      const { pathname, searchParams } = new URL(request.url);
      requests.push(`${request.method} ${pathname}`);
      if (pathname === "/v1/version") return Response.json({ version });
      if (!formsOf(version).toolgroups) return new Response("Not Found", { status: 404 });
      if (pathname === "/v1/tools") {
        const id = searchParams.get("toolgroup_id") ?? "";
        const data = lists.get(id) ?? (await list(id, request.headers));
        lists.set(id, data);
        return Response.json({ data });
      }
      if (request.method === "GET") return Response.json({ data: [...groups].map(entryOf) });
      if (request.method === "DELETE")
        groups.delete(decodeURIComponent(pathname.split("/").at(-1) ?? ""));
      else {
        const { toolgroup_id, mcp_endpoint } = (await request.json()) as {
          toolgroup_id: string;
          mcp_endpoint: { uri: string };
        };
        groups.set(toolgroup_id, mcp_endpoint.uri);
      }
      return Response.json(null);
    },
  });
  const list = async (id: string, sent: Headers): Promise<object[]> => {
    const uri = groups.get(id);
    if (uri === undefined || !reaches) return [];
    const { mcp_headers } = JSON.parse(sent.get("x-llamastack-provider-data") ?? "{}");
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" });
    const headers = {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      ...mcp_headers?.[uri],
    };
    const text = await (await fetch(uri, { method: "POST", headers, body })).text();
    const { result } = JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? "{}");
    return result.tools.map(({ name }: { name: string }) => ({
      identifier: name,
      metadata: { endpoint: uri },
    }));
  };
  return {
    url: `http://127.0.0.1:${server.port}`,
    groups,
    requests,
    [Symbol.asyncDispose]: () => server.stop(true),
  };
}

function entryOf([identifier, uri]: [string, string]): object {
  return { identifier, mcp_endpoint: { uri } };
}

test.each([
  ["0.2.22", { toolgroups: true, connectors: false, token: "headers" }],
  ["0.3.5.1", { toolgroups: true, connectors: false, token: "headers" }],
  ["0.4.2.1", { toolgroups: true, connectors: false, token: "authorization" }],
  ["0.6.0.1", { toolgroups: true, connectors: true, token: "authorization" }],
  ["0.7.1", { toolgroups: false, connectors: true, token: "authorization" }],
  ["1.0.2", { toolgroups: false, connectors: true, token: "authorization" }],
] as const)("version %s understands %j, and is told in that form", async (version, forms) => {
  expect(formsOf(version)).toEqual(forms);
  await using berth = startGateway({ one: {} });
  await using stack = startStack(version);
  const url = `${berth.url}/one/text/mcp`;
  // An earlier registration at another address has to give way.
  if (forms.toolgroups) stack.groups.set("mcp::one", "http://old.example/sse");
  for (const _ of [1, 2]) {
    const done = await register({ llamaStack: stack.url, berth: berth.url, names: ["one"] });
    expect(done.version).toBe(version);
    expect(done.servers).toEqual([
      {
        name: "one",
        url,
        tools: expect.arrayContaining(["echo"]),
        toolgroup: forms.toolgroups ? "mcp::one" : null,
        responsesTool: {
          type: "mcp",
          server_label: "one",
          server_url: url,
          require_approval: "never",
        },
      },
    ]);
    expect(done.connectors?.includes(`url: "${url}"`) ?? false).toBe(forms.connectors);
  }
  expect([...stack.groups]).toEqual(forms.toolgroups ? [["mcp::one", url]] : []);
  const posts = stack.requests.filter((request) => request === "POST /v1/toolgroups");
  expect(posts.length).toBe(forms.toolgroups ? 1 : 0);
});

test("the token is asked of Berth with, and only its variable is printed", async () => {
  const access = new Access({ tokens: [{ name: "stack", token: new Secret("s3cret") }] });
  await using berth = startGateway({ one: {} }, access);
  for (const [version, member] of [
    ["0.3.5", { headers: { Authorization: "Bearer ${BERTH_TOKEN}" } }],
    ["0.7.1", { authorization: "${BERTH_TOKEN}" }],
  ] as const) {
    await using stack = startStack(version);
    const done = await register({
      llamaStack: stack.url,
      berth: berth.url,
      names: ["one"],
      token: "s3cret",
    });
    expect(done.servers[0]?.responsesTool).toMatchObject(member);
    expect(JSON.stringify(done)).not.toContain("s3cret");
  }
});

test("a Llama Stack that cannot reach Berth, or still lists an earlier address, is not told to be fine", async () => {
  await using berth = startGateway({ one: {} });
  await using blind = startStack("0.3.5", false);
  const options = { berth: berth.url, names: ["one"] };
  await expect(register({ ...options, llamaStack: blind.url })).rejects.toThrow(
    "the Llama Stack lists 0 of its",
  );
  await using stack = startStack("0.3.5");
  await register({ ...options, llamaStack: stack.url });
  const moved = { ...options, berth: berth.url.replace("127.0.0.1", "localhost") };
  const failure = await register({ ...moved, llamaStack: stack.url }).catch((error) => error);
  expect([failure.message, failure.hint]).toEqual([
    expect.stringContaining("the Llama Stack lists 0 of its"),
    expect.stringContaining("it keeps lists of earlier registrations until it restarts"),
  ]);
});

test("a name that Berth does not have, and a Llama Stack that is not there, are told apart", async () => {
  await using berth = startGateway({ one: {} });
  await using stack = startStack("0.7.1");
  const options = { llamaStack: stack.url, berth: berth.url };
  await expect(register({ ...options, names: ["two"] })).rejects.toThrow(
    'Cannot list the tools of "two"',
  );
  const nowhere = { ...options, llamaStack: "http://127.0.0.1:1", names: ["one"] };
  await expect(register(nowhere)).rejects.toThrow("Cannot reach the Llama Stack");
});

test("the playground's ConfigMap and the MCPServer resources are YAML that holds the address", () => {
  const options = {
    berth: "http://berth.mcp.svc:8080",
    names: ["one"],
    image: "quay.io/x/berth:1",
  };
  expect(Bun.YAML.parse(playgroundConfigMap(options))).toEqual({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "gen-ai-aa-mcp-servers", namespace: "redhat-ods-applications" },
    data: {
      one: `${JSON.stringify({
        url: "http://berth.mcp.svc:8080/one/text/mcp",
        transport: "streamable-http",
        description: 'MCP server "one" hosted by Berth',
      })}\n`,
    },
  });
  expect(mcpServerResources(options).map((text) => Bun.YAML.parse(text))).toMatchObject([
    {
      kind: "MCPServer",
      spec: {
        config: {
          port: 8080,
          path: "/one/mcp",
          arguments: ["serve", "--host", "0.0.0.0", "--port", "8080"],
          env: [
            {
              name: "BERTH_TOKEN",
              valueFrom: { secretKeyRef: { name: "berth-token", key: "token" } },
            },
          ],
        },
        mcp: { stateless: true },
      },
    },
  ]);
});
