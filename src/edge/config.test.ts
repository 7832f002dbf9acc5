import { describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { openFolder } from "../../tests/berth.ts";
import { AppError } from "../core/fault.ts";
import type { ConfigValues } from "./config.ts";
import { type Config, readConfig } from "./config-file.ts";

/** Reads a berth.json with this text. */
function read(folder: string, value: unknown, env: Record<string, string> = {}): Config {
  writeFileSync(join(folder, "berth.json"), JSON.stringify(value));
  return readConfig({ env, cwd: folder });
}

const defaults: ConfigValues = {
  bundles: "bundles",
  mcpServers: {},
  mode: "enforce",
  privateHosts: [],
  tellReads: true,
  listen: { host: "127.0.0.1", port: 8080 },
  auth: {},
  limits: {},
  trustedKeys: [],
  requireSignature: false,
};

test("an empty berth.json and none at all mean the defaults", () => {
  using folder = openFolder();
  const { path } = folder;
  expect(readConfig({ env: {}, cwd: path })).toEqual({ ...defaults, file: null, folder: path });
  expect(read(path, {})).toEqual({ ...defaults, file: join(path, "berth.json"), folder: path });
});

test("a folder is a configuration: its own berth.json, or the bundles in it", () => {
  using folder = openFolder();
  const { path } = folder;
  expect(readConfig({ path, env: {}, cwd: "/" })).toEqual({
    ...defaults,
    bundles: ".",
    file: null,
    folder: path,
  });
  writeFileSync(join(path, "berth.json"), '{"mode": "best-effort"}');
  expect(readConfig({ path, env: {}, cwd: "/" })).toEqual({
    ...defaults,
    mode: "best-effort",
    privateHosts: [],
    file: join(path, "berth.json"),
    folder: path,
  });
});

test("an environment variable beats the file, an empty one does not", () => {
  using folder = openFolder();
  const env = {
    BERTH_HOST: "0.0.0.0",
    BERTH_PORT: "9",
    BERTH_MODE: "",
    BERTH_REQUIRE_SIGNATURE: "true",
    BERTH_BUNDLES: "/b",
  };
  const config = read(folder.path, { listen: { port: 1 }, mode: "best-effort", bundles: "x" }, env);
  expect(config).toEqual({
    ...defaults,
    mode: "best-effort",
    privateHosts: [],
    bundles: "/b",
    requireSignature: true,
    listen: { host: "0.0.0.0", port: 9 },
    file: join(folder.path, "berth.json"),
    folder: folder.path,
  });
});

describe("berth.json is refused with the path of what is wrong:", () => {
  const one = (server: unknown) => ({ mcpServers: { one: server } });
  test.each<[unknown, string, Record<string, string>?]>([
    [{ server: {} }, "server is no known key"],
    [{ listen: { prot: 1 } }, "listen.prot is no known key"],
    [{ listen: { port: 70_000 } }, "listen.port is 70000; expected at most 65535"],
    [
      { mcpServers: { One: {} } },
      "mcpServers.One: expected a name of lower case letters, digits, - and _",
    ],
    [one({ comand: "x" }), "mcpServers.one.comand is no known key"],
    [
      one({ url: "https://example.com/mcp" }),
      "mcpServers.one.url: Berth hosts stdio servers; it forwards to no other one",
    ],
    [one({ type: "http" }), 'mcpServers.one.type: expected "stdio": Berth starts servers itself'],
    [
      one({ command: "x", bundle: "y" }),
      "mcpServers.one.bundle: expected command or bundle, not both",
    ],
    [
      one({ command: "x", userConfig: {} }),
      "mcpServers.one.command: userConfig and sha256 are for bundles; a command takes args and env",
    ],
    [
      one({ command: "x", args: ["a", 1] }),
      'mcpServers.one.args[1]: expected a text or {"file": "<path>"}',
    ],
    [
      one({ command: "x", env: { A: { fil: "x" } } }),
      "mcpServers.one.env.A.file is missing; expected a text; mcpServers.one.env.A.fil is no known key",
    ],
    [
      one({ permissions: { net: [1] } }),
      "mcpServers.one.permissions.net[0] is a number; expected a text",
    ],
    [
      one({ permissions: { net: ["a.test", "http://x"], env: ["A", "B-C"] } }),
      'mcpServers.one.permissions.net: "http://x" is no host or host:port; mcpServers.one.permissions.env: "B-C" is no name of a variable',
    ],
    [
      one({ permissions: { read: "/srv" } }),
      'mcpServers.one.permissions.read: expected true, a list of texts, or {"allow": …, "deny": …} of these',
    ],
    [{ privateHosts: ["http://x"] }, "privateHosts[0]: expected host or host:port, no scheme"],
    [one({ permissions: { network: [] } }), "mcpServers.one.permissions.network is no known key"],
    [one({ limits: { memory: 1 } }), "mcpServers.one.limits.memory is no known key"],
    [
      one({ policy: "per_request" }),
      'mcpServers.one.policy is "per_request"; expected one of "shared", "per_session"',
    ],
    [
      { auth: { tokens: [{ name: "a" }] } },
      'auth.tokens[0].token: expected a text or {"file": "<path>"}',
    ],
    [[], "the whole text is a list; expected an object"],
  ])("%j", (value, message) => {
    using folder = openFolder();
    expect(() => read(folder.path, value)).toThrow(
      new AppError(
        "invalid_config",
        `Cannot read "${join(folder.path, "berth.json")}": ${message}`,
      ),
    );
  });

  test("a variable that does not fit is named", () => {
    using folder = openFolder();
    expect(() => readConfig({ env: { BERTH_PORT: "x" }, cwd: folder.path })).toThrow(
      'Cannot start: BERTH_PORT is "x"; expected a port of 0 to 65535',
    );
  });
});
