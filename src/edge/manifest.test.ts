import { describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { berth, manifestOf, openFolder, writeFiles } from "../../tests/berth.ts";
import { bundleName, parseManifest } from "./manifest.ts";

/** Manifests in the shapes that published bundles have. */
const shapes: [what: string, manifest: Record<string, unknown>, name: string][] = [
  ["the required keys alone", manifestOf(), "echo"],
  [
    "the specification's own full example, with a title as its name",
    manifestOf({
      manifest_version: "0.2",
      name: "My MCP Extension",
      display_name: "My Awesome MCP Extension",
      long_description: "Long.",
      author: { name: "Ada", email: "ada@example.com", url: "https://example.com" },
      repository: { type: "git", url: "https://github.com/ada/my-mcp-extension" },
      homepage: "https://example.com",
      documentation: "https://docs.example.com",
      support: "https://example.com/issues",
      icon: "icon.png",
      screenshots: ["assets/1.png"],
      tools: [{ name: "search", description: "Searches." }],
      prompts: [
        {
          name: "poetry",
          description: "Writes.",
          arguments: ["topic"],
          text: "Write about ${arguments.topic}",
        },
      ],
      tools_generated: true,
      keywords: ["api"],
      license: "MIT",
      privacy_policies: ["https://example.com/privacy"],
      compatibility: {
        claude_desktop: ">=1.0.0",
        my_client: ">1.0.0",
        platforms: ["darwin", "linux"],
        runtimes: { python: ">=3.8", node: ">=16" },
      },
      user_config: {
        dirs: {
          type: "directory",
          title: "Folders",
          description: "Which.",
          multiple: true,
          required: true,
          default: ["${HOME}/Desktop"],
        },
      },
      _meta: {
        "com.microsoft.windows": {
          package_family_name: "X",
          static_responses: { initialize: { capabilities: {} } },
        },
      },
    }),
    "my-mcp-extension",
  ],
  [
    "a desktop extension from before the renaming",
    manifestOf({ manifest_version: undefined, dxt_version: "0.1", name: "Filesystem" }),
    "filesystem",
  ],
  [
    "a program for each system",
    manifestOf({
      name: "github_mcp",
      server: {
        type: "binary",
        entry_point: "server/gh",
        mcp_config: {
          command: "${__dirname}/server/gh",
          args: ["stdio"],
          env: { TOKEN: "${user_config.token}" },
          platform_overrides: { win32: { command: "${__dirname}/server/gh.exe" } },
        },
      },
      user_config: {
        token: { type: "string", title: "Token", description: "", sensitive: true, required: true },
      },
    }),
    "github_mcp",
  ],
  [
    "icons and languages",
    manifestOf({
      name: "@scope/Über Server",
      $schema: "https://example.com/schema.json",
      icons: [{ src: "a.png", size: "16x16", theme: "dark" }],
      localization: { resources: "res/${locale}.json", default_locale: "en-US" },
    }),
    "scope-ber-server",
  ],
];

test.each(shapes)("a manifest with %s is read", (_, manifest, name) => {
  expect(bundleName(parseManifest(JSON.stringify(manifest)))).toBe(name);
});

const source = 'Cannot read "FILE": ';
const refused: [what: string, manifest: unknown, message: string][] = [
  ["an unknown key", manifestOf({ permissions: {} }), "permissions is no known key"],
  [
    "unknown keys further down",
    manifestOf({ author: { name: "A", mail: "x" }, _meta: { "dev.berth": { permission: {} } } }),
    "author.mail is no known key; _meta.dev.berth.permission is no known key",
  ],
  [
    "an unknown permission",
    manifestOf({ _meta: { "dev.berth": { permissions: { nett: [] } } } }),
    "_meta.dev.berth.permissions.nett is no known key",
  ],
  [
    "no version of the form",
    manifestOf({ manifest_version: undefined }),
    'manifest_version: expected "0.3"',
  ],
  [
    "a later version",
    manifestOf({ manifest_version: "0.4" }),
    'manifest_version is "0.4", an experimental version',
  ],
  [
    "a server that uv starts",
    manifestOf({ manifest_version: "0.4", server: { type: "uv", entry_point: "x.py" } }),
    'server.type is "uv", which downloads Python packages at start',
  ],
  [
    "a version that is a path",
    manifestOf({ version: "../1" }),
    "version: expected a version such as 1.2.3",
  ],
  [
    "a name without a letter",
    manifestOf({ name: "***" }),
    'Cannot name the bundle "***": no letter or digit in it',
  ],
  [
    "a server of another type",
    manifestOf({ server: { type: "ruby", entry_point: "x", mcp_config: { command: "ruby" } } }),
    'server.type is "ruby"; expected one of "node", "python", "binary"',
  ],
  [
    "_meta that is no map of maps",
    manifestOf({ _meta: { "com.example": "x" } }),
    "_meta.com.example is a text; expected an object",
  ],
  ["something else", [1], "the whole text is a list; expected an object"],
];

describe("berth info refuses a manifest with", () => {
  test.each(refused)("%s", async (_, manifest, message) => {
    using folder = openFolder();
    writeFiles(folder.path, {
      "b/manifest.json": JSON.stringify(manifest),
      "b/server/index.js": "",
    });
    const { code, stderr } = await berth(["info", "b"], { cwd: folder.path });
    const whole = message.startsWith("Cannot")
      ? message
      : source.replace("FILE", join(folder.path, "b/manifest.json")) + message;
    expect({ code, message: stderr.split("\n")[0] }).toEqual({ code: 1, message: whole });
  });

  test("a comment in it", async () => {
    using folder = openFolder();
    writeFileSync(join(folder.path, "manifest.json"), "{ // hello\n}");
    const { code, stderr } = await berth(["info", "."], { cwd: folder.path });
    expect({ code, hint: stderr.trim().split("\n").at(-1) }).toEqual({
      code: 1,
      hint: "hint: Correct the JSON; comments and trailing commas are not part of it.",
    });
  });
});
