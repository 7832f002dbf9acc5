import { expect, test } from "bun:test";
import { parseManifest } from "../src/edge/manifest.ts";
import { openFolder, writeFiles } from "../tests/berth.ts";
import { bundleManifest, nativePlatform, permissionsOf } from "./packManifest.ts";

const setting = (env: string, more: { default?: string; required?: boolean } = {}) => ({
  env: [env],
  default: null,
  required: false,
  about: "About it",
  ...more,
});

test("a server's own manifest becomes its bundle's: settings, secrets and what it asks for", () => {
  const told = {
    name: "ocr-mcp",
    version: "0.1.0",
    title: "OCR",
    description: "Reads.",
    tools: [{ name: "read", description: "Reads." }],
    settings: [
      setting("CLAIMS_API_BASE_URL", { required: true }),
      setting("DOCUMENTS_ROOT", { required: true }),
      setting("CLAIMS_API_TOKEN", { default: "" }),
      setting("OCR_LANGUAGE", { default: "eng" }),
      setting("MCP_TRANSPORT"),
      setting("HOST_FOR_OCR_MCP"),
      setting("LOG_LEVEL"),
    ],
  };
  const manifest = bundleManifest(told, "server/server.js", "linux");
  expect(parseManifest(JSON.stringify(manifest)).name).toBe("ocr-mcp");
  expect(manifest).toEqual({
    manifest_version: "0.3",
    name: "ocr-mcp",
    display_name: "OCR",
    version: "0.1.0",
    description: "Reads.",
    author: { name: "Berth" },
    license: "Apache-2.0",
    server: {
      type: "node",
      entry_point: "server/server.js",
      mcp_config: {
        command: "bun",
        args: ["${__dirname}/server/server.js"],
        env: {
          CLAIMS_API_BASE_URL: "${user_config.claims_api_base_url}",
          DOCUMENTS_ROOT: "${user_config.documents_root}",
          CLAIMS_API_TOKEN: "${user_config.claims_api_token}",
          OCR_LANGUAGE: "${user_config.ocr_language}",
        },
      },
    },
    tools: [{ name: "read", description: "Reads." }],
    compatibility: { platforms: ["linux"] },
    user_config: {
      claims_api_base_url: {
        type: "string",
        title: "Claims API base URL",
        description: "About it.",
        required: true,
      },
      documents_root: {
        type: "directory",
        title: "Documents root",
        description: "About it.",
        required: true,
      },
      claims_api_token: {
        type: "string",
        title: "Claims API token",
        description: "About it.",
        required: false,
        default: "",
        sensitive: true,
      },
      ocr_language: {
        type: "string",
        title: "OCR language",
        description: "About it.",
        required: false,
        default: "eng",
      },
    },
    _meta: {
      "dev.berth": {
        permissions: {
          net: ["${user_config.claims_api_base_url}"],
          read: ["${user_config.documents_root}"],
        },
      },
    },
  });
});

test("a file with machine code binds a bundle to one platform and architecture", () => {
  using folder = openFolder();
  writeFiles(folder.path, { "server.js": "1;", empty: "" });
  expect(nativePlatform(folder.path)).toBeUndefined();
  const arm = new Uint8Array(64);
  arm.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  arm[18] = 183;
  writeFiles(folder.path, { "deep/lib.node": arm });
  expect(nativePlatform(folder.path)).toBe("linux-arm64");
  arm[18] = 62;
  writeFiles(folder.path, { "deep/other.so": arm });
  expect(() => nativePlatform(folder.path)).toThrow("machine code of several platforms");
});

test.each([
  ["CLAIMS_API_BASE_URL", ["net"]],
  ["DOCUMENTS_ROOT", ["read"]],
  ["EMBEDDING_MODEL_DIR", ["read"]],
  ["OCR_OUTPUT_DIR", ["read", "write"]],
  ["RAG_DB", ["read", "write"]],
  ["CLAIMS_API_TOKEN", []],
  ["OCR_LANGUAGE", []],
] as const)("for %s a bundle asks for %j", (name, asked) => {
  expect([...permissionsOf(name)]).toEqual([...asked]);
});
