import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { openFolder, writeBundle } from "../../tests/berth.ts";
import { host, option } from "../../tests/edge/start-bundle.ts";
import { allPermissions } from "./asks.ts";
import { openBundle } from "./bundle.ts";
import { noPermissions } from "./permissions.ts";

describe("permissions", () => {
  const asking = {
    user_config: {
      url: option({ required: true }),
      other: option({}),
      dir: option({ type: "directory", multiple: true }),
    },
    _meta: {
      "dev.berth": {
        permissions: {
          net: ["${user_config.url}", "${user_config.other}", "*.example:443"],
          read: ["${user_config.dir}", "data"],
          run: true,
          env: { allow: ["LANG"], deny: ["HOME"] },
        },
      },
    },
  };

  test("that a manifest asks for are filled in with what the operator has set", () => {
    using folder = openFolder();
    const path = writeBundle(folder.path, asking);
    const { asks, hasAsks } = openBundle(path, {
      userConfig: { url: "https://api.example/v1", dir: ["/a", "/b"] },
      host,
    });
    expect({ asks, hasAsks }).toEqual({
      asks: {
        ...noPermissions,
        net: { allow: ["api.example:443", "*.example:443"], deny: [] },
        read: { allow: ["/a", "/b", join(path, "data")], deny: [] },
        run: { allow: true, deny: [] },
        env: { allow: ["LANG"], deny: ["HOME"] },
      },
      hasAsks: true,
    });
  });

  test("are everything for a bundle that says nothing, so that the grant alone decides", () => {
    using folder = openFolder();
    const { asks, hasAsks } = openBundle(writeBundle(folder.path), { host });
    expect({ asks, hasAsks }).toEqual({ asks: allPermissions, hasAsks: false });
  });
});
