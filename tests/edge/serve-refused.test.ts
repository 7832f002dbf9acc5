import { expect, test } from "bun:test";
import { openFolder, writeFiles } from "../berth.ts";
import { berthProgram } from "./served.ts";

/** Serves a configuration that it must not serve: how the program ends, which it has to do by itself. */
async function serve(config: object, ...options: string[]): Promise<unknown> {
  using folder = openFolder();
  writeFiles(folder.path, { "berth.json": config });
  const child = Bun.spawn([...berthProgram, "serve", "--port", "0", ...options], {
    cwd: folder.path,
    env: { PATH: process.env.PATH ?? "" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { code, out, said: err.replaceAll(folder.path, "").split("\n")[0] };
}

test.each<[string, object, string[], string]>([
  [
    "an address that others reach, without access control",
    {},
    ["--host", "0.0.0.0"],
    'Cannot listen on "0.0.0.0": others can reach it, and no access control is set up',
  ],
  [
    "an address that is not this machine's",
    {},
    ["--host", "192.0.2.1", "--insecure"],
    'Cannot listen on "192.0.2.1:0": EADDRNOTAVAIL',
  ],
  [
    "a token that is empty, which would pass for access control",
    { auth: { tokens: [{ name: "a", token: "" }] } },
    ["--host", "0.0.0.0"],
    "Cannot use auth.tokens[0].token: it is empty",
  ],
  [
    "a server with the name of a path",
    { mcpServers: { mcp: { command: "node" } } },
    [],
    'Cannot serve "mcp": the name is a path of Berth',
  ],
  [
    "an audit log that cannot be written",
    { audit: { file: "nowhere/audit.jsonl" } },
    [],
    "Cannot open the audit log \"/nowhere/audit.jsonl\": ENOENT: no such file or directory, open '/nowhere/audit.jsonl'",
  ],
])("berth serve refuses %s, and ends", async (_, config, options, said) => {
  expect(await serve(config, ...options)).toEqual({ code: expect.any(Number), out: "", said });
});
