import { describe, expect, test } from "bun:test";
import { openFolder, writeBundle } from "../../tests/berth.ts";
import { bun, bunEnv, host, option, server, startBundle } from "../../tests/edge/start-bundle.ts";
import { Secret } from "../core/secret.ts";
import { type OpenOptions, openBundle } from "./bundle.ts";
import { revealText } from "./text.ts";

describe("user_config", () => {
  const options = {
    key: option({ sensitive: true, required: true }),
    dirs: option({ type: "directory", multiple: true, default: ["${HOME}/a", "${HOME}/b"] }),
    size: option({ type: "number", min: 1, max: 10, default: 5 }),
    loud: option({ type: "boolean", default: false }),
    note: option({}),
    log: option({ type: "file", default: "" }),
  };
  const args = [
    "--dirs",
    "${user_config.dirs}",
    "${user_config.note}",
    "--n=${user_config.note}",
    "${user_config.log}",
  ];
  const env = {
    KEY: "Bearer ${user_config.key}",
    DIRS: "${user_config.dirs}",
    SIZE: "${user_config.size}",
    LOUD: "${user_config.loud}",
    NOTE: "${user_config.note}",
  };
  const manifest = {
    ...server("node", "server/index.js", { command: "node", args, env }),
    user_config: options,
  };

  test("fills defaults in, spreads lists, and leaves out what is not set", () => {
    expect(startBundle(manifest, { key: "k" })).toEqual({
      command: [...bun, "--dirs", "/home/ada/a", "/home/ada/b", "--n="],
      env: {
        KEY: "Bearer k",
        DIRS: "/home/ada/a,/home/ada/b",
        SIZE: "5",
        LOUD: "false",
        ...bunEnv,
      },
    });
  });

  test("takes the operator's values as they are, without filling variables in", () => {
    const values = {
      key: new Secret("${HOME}"),
      dirs: ["/x"],
      size: "7",
      loud: true,
      note: "${HOME}",
      log: "/l",
    };
    expect(startBundle(manifest, values)).toEqual({
      command: [...bun, "--dirs", "/x", "${HOME}", "--n=${HOME}", "/l"],
      env: {
        KEY: "Bearer ${HOME}",
        DIRS: "/x",
        SIZE: "7",
        LOUD: "true",
        NOTE: "${HOME}",
        ...bunEnv,
      },
    });
  });

  test("keeps every text secret that a sensitive value is part of", () => {
    using folder = openFolder();
    const bundle = openBundle(writeBundle(folder.path, manifest), {
      userConfig: { key: "s3cr3t" },
      host,
    });
    expect(JSON.stringify(bundle)).not.toContain("s3cr3t");
    expect(bundle.env.KEY).toBeInstanceOf(Secret);
    expect(revealText(bundle.env.KEY ?? "")).toBe("Bearer s3cr3t");
  });

  const cannot = 'Cannot open the bundle "echo": ';
  test.each<[string, OpenOptions["userConfig"], string]>([
    ["a required option", {}, "key (T) not set"],
    ["an empty required option", { key: "" }, "key (T) not set"],
    ["an unknown option", { key: "k", nope: "x" }, "userConfig.nope is no setting of it"],
    [
      "a number that is too large",
      { key: "k", size: 11 },
      "userConfig.size is 11; expected a number of at least 1 and of at most 10",
    ],
    [
      "a number that is none",
      { key: "k", size: "many" },
      'userConfig.size is "many"; expected a number of at least 1 and of at most 10',
    ],
    [
      "a secret that does not fit, without showing it",
      { key: "k", size: new Secret("many") },
      "userConfig.size is ***; expected a number of at least 1 and of at most 10",
    ],
    [
      "a truth that is none",
      { key: "k", loud: "yes" },
      'userConfig.loud is "yes"; expected true or false',
    ],
    [
      "a relative folder",
      { key: "k", dirs: ["x"] },
      'userConfig.dirs is "x"; expected the absolute path of a directory',
    ],
    [
      "a list for one value",
      { key: "k", note: ["a"] },
      "userConfig.note is a list of 1; expected one string",
    ],
    ["a number for a text", { key: "k", note: 1 }, "userConfig.note is 1; expected a text"],
  ])("refuses %s", (_, values, message) => {
    expect(startBundle(manifest, values)).toBe(cannot + message);
  });

  test("starts relative paths from the folder that it is given, and leaves what is no path", () => {
    using folder = openFolder();
    const path = writeBundle(folder.path, manifest);
    const userConfig = { key: "k", dirs: ["x", "/y"], note: "z", log: new Secret("../log") };
    const { command } = openBundle(path, { userConfig, settingsBase: "/srv/berth", host });
    expect(command.slice(bun.length).map(revealText)).toEqual([
      ...["--dirs", "/srv/berth/x", "/y", "z", "--n=z", "/srv/log"],
    ]);
    const scheme = { userConfig: { key: "k", log: "https://x" }, settingsBase: "/", host };
    expect(() => openBundle(path, scheme)).toThrow("expected the absolute path of a file");
  });

  test("counts a required option as missing when it has nothing but a default", () => {
    const required = {
      user_config: { a: option({ required: true, default: "x" }), b: option({ required: true }) },
    };
    expect(startBundle(required)).toBe(`${cannot}a (T), b (T) not set`);
  });
});
