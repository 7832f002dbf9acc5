import { expect, test } from "bun:test";
import { realpathSync } from "node:fs";
import { join } from "node:path";
import { berth, openFolder, writeBundle, writeFiles } from "../../tests/berth.ts";

test("berth info says what a bundle is, needs and asks for in plain words", async () => {
  using folder = openFolder();
  const at = { cwd: folder.path };
  writeBundle(join(folder.path, "src"), {
    display_name: "Echo",
    license: "MIT",
    tools: [{ name: "say", description: "Says it. Twice." }],
    tools_generated: true,
    user_config: {
      url: { type: "string", title: "URL", description: "Where the service is", required: true },
      dirs: {
        type: "directory",
        title: "Dirs",
        description: "What it may read",
        multiple: true,
        default: ["/a"],
      },
      key: {
        type: "string",
        title: "Key",
        description: "Its key",
        sensitive: true,
        default: "hidden",
      },
    },
    _meta: {
      "dev.berth": {
        permissions: {
          net: ["${user_config.url}"],
          read: { allow: true, deny: ["/etc"] },
          run: true,
        },
      },
    },
  });
  await berth(["pack", "src", "--out", "echo.mcpb"], at);
  const file = await berth(["info", "echo.mcpb"], at);
  expect(file).toEqual({
    code: 0,
    stderr: "",
    stdout: `Echo 1.2.3 (echo)
Says what it hears.

Origin:
  by Ada, MIT
  ${join(folder.path, "echo.mcpb")}
  not signed

Runs:
  server/index.js: JavaScript, run by Berth's own runtime

Tools:
  say: Says it.
  and more that it makes at run time

Needs:
  url (string, required): Where the service is
  dirs (one or more of type directory, optional, default ["/a"]): What it may read
  key (string, optional, secret): Its key

Asks for:
  Read every file, except /etc
  Connect to what you set as url
  Start any program, which is close to everything
`,
  });
});

test("berth info of a command says what it runs and may do, and no secret", async () => {
  using folder = openFolder();
  const one = {
    command: "bun",
    args: ["server.js", "--key", "${env:KEY}", { file: "token" }],
    env: { TOKEN: "${env:KEY}" },
    permissions: { read: ["."], net: ["api.test:443"] },
  };
  writeFiles(folder.path, { "berth.json": { mcpServers: { one } }, token: "s3cret" });
  const at = { cwd: folder.path, env: { KEY: "s3cret", PATH: process.env.PATH ?? "" } };
  expect((await berth(["info", "one"], at)).stdout).toBe(`one, a command of berth.json

Runs:
  bun server.js --key \${env:KEY} (the content of token)

Is given:
  TOKEN

Is granted:
  Read .
  Connect to api.test:443

May do:
  Reads its program, its temporary folder and ${realpathSync(folder.path)}.
  Writes its temporary folder only.
  Reaches api.test:443, over HTTP(S) through Berth's proxy, and no other host.
  Sees no environment variable beyond its own settings.
  Starts no other program and no other process.
`);
  const json = JSON.parse((await berth(["info", "one", "--json"], at)).stdout);
  expect(json).toMatchObject({ kind: "command", command: [one.command, ...one.args] });
  const without = await berth(["info", "one"], { cwd: folder.path });
  expect(without.stdout).toEndWith(`
Cannot be started yet:
  Cannot resolve mcpServers.one.args[2]: the environment variable KEY is not set
`);
});

test("a bundle cannot repaint the terminal on which it is judged", async () => {
  using folder = openFolder();
  writeBundle(join(folder.path, "src"), { description: "\u001b[2Khar\u202emless\u007f \u{e0041}" });
  const info = await berth(["info", "./src"], { cwd: folder.path });
  expect(info.stdout.split("\n")[1]).toBe("\\u001b[2Khar\\u202emless\\u007f \\udb40\\udc41");
  const json = JSON.parse((await berth(["info", "./src", "--json"], { cwd: folder.path })).stdout);
  expect(json.manifest.description).toBe("\u001b[2Khar\u202emless\u007f \u{e0041}");
});

test("berth info --json of an installed bundle holds the manifest, the asks, the grants and the lock", async () => {
  using folder = openFolder();
  const at = { cwd: folder.path };
  await berth(["add", writeBundle(join(folder.path, "src"))], at);
  writeFiles(folder.path, {
    "berth.json": { mcpServers: { mine: { bundle: "echo", permissions: { net: ["a:1"] } } } },
  });
  const none = { allow: [], deny: [] };
  const hash = expect.stringMatching(/^[0-9a-f]{64}$/);
  expect(JSON.parse((await berth(["info", "mine", "--json"], at)).stdout)).toEqual({
    name: "mine",
    path: join(folder.path, "bundles/echo"),
    manifest: expect.objectContaining({ name: "echo", version: "1.2.3" }),
    asks: null,
    grants: { read: none, write: none, net: { allow: ["a:1"], deny: [] }, env: none, run: none },
    effective: { read: none, write: none, net: { allow: ["a:1"], deny: [] }, env: none, run: none },
    problem: null,
    sha256: hash,
    signature: null,
    lock: {
      installedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      signedBy: null,
      archiveSha256: hash,
    },
  });
});

test("berth info of a served bundle ends in what it may do, or in what it still needs", async () => {
  using folder = openFolder();
  const at = { cwd: folder.path };
  writeBundle(join(folder.path, "src"), {
    user_config: { url: { type: "string", title: "URL", description: "Where", required: true } },
    _meta: { "dev.berth": { permissions: { net: ["${user_config.url}"], run: true } } },
  });
  await berth(["add", "src"], at);
  const permissions = { net: ["*.example"], read: ["/srv"] };
  const server = { bundle: "echo", permissions };
  const set = { ...server, userConfig: { url: "https://api.example/v1" } };
  writeFiles(folder.path, { "berth.json": { mcpServers: { set, unset: server } } });
  const end = async (name: string) =>
    (await berth(["info", name], at)).stdout.split("Is granted:\n")[1];
  expect(await end("set")).toBe(`  Read /srv
  Connect to *.example

May do:
  Reads its own folder and its temporary folder, nothing else of yours.
  Writes its temporary folder only.
  Reaches api.example:443, over HTTP(S) through Berth's proxy, and no other host.
  Sees no environment variable beyond its own settings.
  Starts no other program and no other process.
`);
  expect(await end("unset")).toBe(`  Read /srv
  Connect to *.example

Cannot be started yet:
  Cannot open the bundle "echo": url (URL) not set
`);
});
