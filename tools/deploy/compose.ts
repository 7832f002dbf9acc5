/** `containers/compose.yaml`, run by podman-compose from the images of this machine. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { YAML } from "bun";
import { findPython, installPackages } from "../interop/install.ts";
import { engineEnv, podman } from "./podman.ts";
import { postgresImages } from "./postgresImage.ts";
import { runTool, type ToolAnswer } from "./runTool.ts";

export const composeFile: string = join(import.meta.dir, "..", "..", "containers", "compose.yaml");
/** How long starting or ending all of it may take, in milliseconds. */
const composeLimitMs = 120_000;

/** A project of compose: its own containers, network and volumes, on ports that the system chose. */
export interface ComposeProject extends AsyncDisposable {
  up(): Promise<ToolAnswer>;
  /** Takes the containers away; the volumes stay. */
  down(): Promise<ToolAnswer>;
  /** The address on this machine of a service's only port. */
  urlOf(service: string): Promise<string>;
}

/** Prepares a project; `env` holds the variables that the file asks for. */
export async function composeProject(env: Record<string, string>): Promise<ComposeProject> {
  const program = await podmanCompose();
  const folder = mkdtempSync(join(tmpdir(), "berth-compose-"));
  const name = `berthtest${process.pid}`;
  const own = join(folder, "own.yaml");
  writeFileSync(own, await ownPorts());
  const { official } = await postgresImages();
  const files = ["-p", name, "-f", composeFile, "-f", own];
  const run = (...words: string[]) =>
    runTool([program, ...files, ...words], {
      env: { ...engineEnv, POSTGRES_IMAGE: official, ...env },
      limitMs: composeLimitMs,
    });
  return {
    up: () => run("up", "-d"),
    down: () => run("down"),
    async urlOf(service) {
      const { out } = await podman(["port", `${name}_${service}_1`]);
      return `http://${out.trim().split(" -> ")[1]}`;
    },
    async [Symbol.asyncDispose]() {
      await run("down", "--volumes");
      rmSync(folder, { recursive: true });
    },
  };
}

async function podmanCompose(): Promise<string> {
  // Older Pythons than the one that is looked for will do as well.
  const python = (await findPython()) ?? "python3";
  const requirements = ["podman-compose==1.6.0", "python-dotenv==1.2.4", "PyYAML==6.0.3"];
  const name = "podman-compose 1.6.0";
  const programs = await installPackages(
    { name, folder: "podman-compose-1.6.0", requirements, constraints: [] },
    python,
  );
  return join(programs, "podman-compose");
}

/** Ports that nobody else has. */
async function ownPorts(): Promise<string> {
  // The file is the product's own; only these members are looked at.
  const { services } = YAML.parse(await Bun.file(composeFile).text()) as {
    services: Record<string, { ports?: string[] }>;
  };
  const lines = Object.entries(services).flatMap(([name, { ports = [] }]) => {
    const inside = ports.map((port) => `"127.0.0.1::${port.split(":").at(-1)}"`);
    return ports.length === 0 ? [] : [`  ${name}: { ports: !override [${inside}] }`];
  });
  return `services:\n${lines.join("\n")}\n`;
}
