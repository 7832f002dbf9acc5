/** The configuration that the claims chart hands to Llama Stack, read by real Llama Stack and OGX servers. */
import { expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../db/private.ts";
import { parseObjects } from "../../tools/deploy/objects.ts";
import { renderChart } from "../../tools/deploy/render.ts";
import { findPython, installTarget } from "../../tools/interop/install.ts";
import { targets } from "../../tools/interop/targets.ts";

/** The first run of a machine installs the servers. */
const limitMs = 900_000;
/** How long a server may take until it answers, in milliseconds; its imports alone take ten seconds. */
const startLimitMs = 120_000;
const model = "llama-3.2-3b-instruct";
const servers = ["ocr", "rag", "decision"];

test.each([
  ["Llama Stack 0.3.5", "LlamaStackDistribution", "run.yaml", "/v1/toolgroups"],
  ["Llama Stack 0.7.1", "LlamaStackDistribution", "config.yaml", "/v1beta/connectors"],
  ["OGX 1.5.0", "OGXServer", "config.yaml", "/v1/models"],
])(
  "%s starts with the chart's %s, %s, and serves its model under the id that the claims service asks for",
  async (name, kind, key, list) => {
    const target = targets.find((each) => each.name === name);
    const python = await findPython();
    if (target === undefined || python === undefined) throw new Error(`no ${name} or no Python`);
    const programs = await installTarget(target, python);
    const { out } = await renderChart("claims", { llamaStack: { kind } });
    const objects = parseObjects(out);
    const config = objects.find(({ metadata }) => metadata.name === "claims-llamastack-config");
    const folder = mkdtempSync(join(tmpdir(), "berth-stack-"));
    const file = join(folder, key);
    // On loopback here; in its pod it is reached by others.
    const text = config?.data?.[key]?.replace("server:\n", "server:\n  host: 127.0.0.1\n") ?? "";
    writeFileSync(file, text);
    await using models = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      fetch: () => Response.json({ object: "list", data: [{ id: model, object: "model" }] }),
    });
    const port = await freePort();
    const command = kind === "OGXServer" ? ["ogx", "run", "--insecure"] : ["llama", "stack", "run"];
    const [program = "", ...words] = command;
    const child = Bun.spawn([join(programs, program), ...words, file, "--port", `${port}`], {
      cwd: folder,
      stdout: "ignore",
      stderr: "ignore",
      env: {
        PATH: `${programs}:/usr/bin:/bin`,
        HOME: folder,
        HF_HUB_OFFLINE: "1",
        LLAMA_STACK_DISABLE_VERSION_CHECK: "1",
        VLLM_URL: `${models.url.origin}/v1`,
        INFERENCE_MODEL: model,
        SQLITE_STORE_DIR: folder,
      },
    });
    try {
      const url = `http://127.0.0.1:${port}`;
      await untilAnswers(`${url}/v1/version`, child);
      const served = await (await fetch(`${url}/v1/models`)).text();
      const listed = await (await fetch(`${url}${list}`)).text();
      const backend = objects.find(
        (each) => each.kind === "Deployment" && each.metadata.name === "backend",
      );
      expect(served).toContain(`vllm/${model}`);
      expect(JSON.stringify(backend)).toContain(`"value":"vllm/${model}"`);
      // OGX 1.5 keeps connectors, but lists none over HTTP.
      const expected = list === "/v1/models" ? [] : servers;
      for (const server of expected) expect(listed).toContain(`${server}-server`);
    } finally {
      child.kill("SIGKILL");
      await child.exited;
      rmSync(folder, { recursive: true, force: true });
    }
  },
  limitMs,
);

async function untilAnswers(url: string, child: Bun.Subprocess): Promise<void> {
  const until = performance.now() + startLimitMs;
  while (performance.now() < until && child.exitCode === null) {
    const isThere = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (isThere) return;
    await Bun.sleep(100);
  }
  throw new Error(`${url} does not answer; exit code ${child.exitCode}`);
}
