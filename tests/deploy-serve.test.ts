/** `berth serve <name>`: the one bundle of a folder beside the binary, as a container image holds it. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeManifest } from "../tools/bundle.ts";
import { listUnits } from "../tools/units.ts";
import { connectHttp } from "./clients.ts";
import { root, runListening, runToEnd } from "./program.ts";

const folder = mkdtempSync(join(tmpdir(), "berth-serve-"));
const binary = join(folder, "berth");
const bundle = join(folder, "bundles/decision-mcp");

beforeAll(async () => {
  cpSync(join(root, "dist/berth"), binary);
  mkdirSync(bundle, { recursive: true });
  cpSync(join(root, "dist/bundles/decision-mcp"), join(bundle, "server"), { recursive: true });
  const unit = listUnits().find(({ name }) => name === "decision-mcp");
  if (unit === undefined) throw new Error("no unit is named decision-mcp");
  await writeManifest(unit, bundle);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(["decision", "decision-mcp"])(
  "berth serve %s answers at /mcp with plain tool names, in one process",
  async (name) => {
    await using server = await runListening([binary, "serve", name, "--port", "0"]);
    await using client = await connectHttp(`${server.url}/mcp`);
    const { tools } = await client.client.listTools();
    const paths = ["/livez", "/readyz", "/metrics"];
    const answers = await Promise.all(paths.map((path) => fetch(`${server.url}${path}`)));
    expect(tools.map((tool) => tool.name)).toContain("make_final_decision");
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(client.client.getServerVersion()?.name).toBe("decision-server");
    server.kill("SIGTERM");
    expect(await server.exited).toBe(0);
  },
);

test("berth serve decision passes what is wrong with the server's options on", async () => {
  const { code, stderr } = await runToEnd([binary, "serve", "decision", "--nope"]);
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr:
      'Cannot read the argument "--nope": no such option\nhint: See --help for the options.\n',
  });
});

test.each([
  [["nope"], 'Cannot serve "nope": no such server, folder or file'],
  [["./nope"], 'Cannot serve "./nope": no such server, folder or file'],
  [[], 'Cannot serve: no server is named, and "/" holds neither berth.json nor bundles'],
])("berth serve %p, where there is nothing else, says what can be served", async (words, told) => {
  const child = Bun.spawn([binary, "serve", ...words, "--port", "0"], {
    cwd: "/",
    stdout: "pipe",
    stderr: "pipe",
  });
  const answer = {
    code: await child.exited,
    out: await new Response(child.stdout).text(),
    err: await new Response(child.stderr).text(),
  };
  expect(answer).toEqual({
    code: 2,
    out: "",
    err: `${told}\nhint: The servers here are decision; name one of them, or give a folder of bundles or a berth.json.\n`,
  });
});

test("a folder that is there is served as a folder, whatever bundle has its name", async () => {
  mkdirSync(join(folder, "decision"), { recursive: true });
  const child = Bun.spawn([binary, "serve", "decision", "--port", "0"], {
    cwd: folder,
    stdout: "pipe",
    stderr: "ignore",
  });
  const { value } = await child.stdout.getReader().read();
  const told = JSON.parse(new TextDecoder().decode(value));
  child.kill("SIGTERM");
  expect([told.servers, await child.exited]).toEqual([[], 0]);
});
