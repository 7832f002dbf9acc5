import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { manifestOf, openFolder, writeFiles } from "../berth.ts";
import { connectHttp, connectSse } from "../clients.ts";
import { callModern } from "./calls.ts";
import { type Served, startServe } from "./served.ts";

/** A virtual environment with python-requirements.txt: `python3 -m venv .data/python`, then its `pip install -r`. */
const environment = join(import.meta.dir, "..", "..", ".data", "python");

/** A server of the Python SDK, unmodified, that also tries what nobody has granted. */
const server = `
from mcp.server.fastmcp import FastMCP

server = FastMCP("echo")

@server.tool()
def echo(text: str) -> str:
    return text

@server.tool()
def read(path: str) -> str:
    return open(path).read()

server.run()
`;

describe.skipIf(!existsSync(environment))("a Python server", () => {
  const folder = openFolder();
  const path = (name: string): string => join(folder.path, name);
  let served: Served;
  beforeAll(async () => {
    const [version = ""] = readdirSync(join(environment, "lib"));
    const packages = join(environment, "lib", version, "site-packages");
    writeFiles(folder.path, { "command.py": server, "note.txt": "hello from a file" });
    writeFiles(path("bundles/bundle"), {
      "server/main.py": server,
      "manifest.json": manifestOf({
        server: {
          type: "python",
          entry_point: "server/main.py",
          mcp_config: {
            command: "python",
            args: ["server/main.py"],
            env: { PYTHONPATH: "${user_config.packages}" },
          },
        },
        user_config: {
          packages: { type: "directory", title: "Packages", description: "D.", required: true },
        },
        _meta: { "dev.berth": { permissions: { read: ["${user_config.packages}"] } } },
      }),
    });
    // The interpreter that the packages are for, before any other of this machine.
    const env = { PATH: `${join(environment, "bin")}:${process.env.PATH}` };
    served = await startServe(
      folder.path,
      {
        mode: "enforce",
        mcpServers: {
          bundle: { userConfig: { packages }, permissions: { read: [packages, path("note.txt")] } },
          command: {
            command: join(environment, "bin", "python3"),
            args: [path("command.py")],
            permissions: { read: [path("command.py"), path("note.txt")] },
          },
        },
      },
      env,
    );
  });
  afterAll(async () => {
    await served[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  test.each(["bundle", "command"])(
    "as a %s works over every transport and in both eras",
    async (name) => {
      for (const connect of [connectHttp, connectSse]) {
        await using client = await connect(
          `${served.url}/${name}/${connect === connectHttp ? "mcp" : "sse"}`,
        );
        const { tools } = await client.client.listTools();
        expect(tools.map((tool) => tool.name)).toEqual(["echo", "read"]);
        const call = { name: "echo", arguments: { text: "grüße" } };
        expect(await client.client.callTool(call)).toMatchObject({
          content: [{ type: "text", text: "grüße" }],
        });
      }
      expect(await callModern(`${served.url}/${name}/mcp`, "echo", { text: "hi" })).toMatchObject({
        status: 200,
        text: "hi",
      });
    },
    30_000,
  );

  test("reads what both the bundle asks for and the operator grants, and a command what it is granted", async () => {
    const read = async (name: string, file: string): Promise<string | undefined> =>
      (await callModern(`${served.url}/${name}/mcp`, "read", { path: file })).text;
    expect(await read("command", path("note.txt"))).toBe("hello from a file");
    for (const [name, file] of [
      ["bundle", path("note.txt")],
      ["bundle", "/etc/passwd"],
      ["command", "/etc/passwd"],
    ] as const) {
      expect(await read(name, file)).toContain("Permission denied");
    }
  });
});
