import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { manifestOf } from "../../tests/berth.ts";
import { configSchema } from "./config.ts";
import { askedPermissions, parseManifest } from "./manifest.ts";

const page = readFileSync(join(import.meta.dir, "../../docs/bundles.md"), "utf8");
const examples = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text = ""]) =>
  JSON.parse(text),
);

test("the examples of docs/bundles.md are what Berth reads", () => {
  const [meta, config, ...others] = examples;
  expect(askedPermissions(parseManifest(JSON.stringify(manifestOf(meta))))?.net.allow).toEqual([
    "${user_config.api_url}",
  ]);
  expect(configSchema.parse(config)).toMatchObject({
    requireSignature: true,
    listen: { port: 8080 },
  });
  for (const example of others) expect(configSchema.parse(example)).toMatchObject(example);
});
