import { describe, expect, test } from "bun:test";
import * as z from "zod";
import { AppError } from "./fault.ts";
import {
  defineSettings,
  httpUrl,
  list,
  optionalSecret,
  port,
  readSettings,
  truth,
  wholeNumber,
} from "./settings.ts";

const settings = defineSettings({
  url: {
    flag: "url",
    env: ["URL_NEW", "URL_OLD"],
    parse: httpUrl,
    expected: "an http(s) URL",
    about: "Where",
  },
  port: {
    flag: "port",
    env: ["PORT"],
    parse: port,
    expected: "a port",
    default: "8001",
    about: "Port",
  },
  names: { flag: "names", parse: list, expected: "names", default: "", about: "Names" },
  loud: {
    flag: "loud",
    parse: truth,
    expected: "true or false",
    default: "false",
    isSwitch: true,
    about: "Loud",
  },
  count: {
    env: ["COUNT"],
    parse: wholeNumber(1),
    expected: "a whole number",
    default: "5",
    about: "Count",
  },
  token: {
    env: ["TOKEN"],
    parse: optionalSecret,
    expected: "a token",
    default: "",
    about: "Token",
  },
});
const url = "http://localhost:8081";

describe("readSettings", () => {
  test("takes the flag before the environment before the default, and the first variable that is set", () => {
    const env = { URL_OLD: "http://old", URL_NEW: "http://new/", PORT: "9001", COUNT: "" };
    const values = readSettings(settings, {
      argv: ["--port=9002", "--loud", "--names", "a, b,"],
      env,
    });
    expect({ ...values }).toEqual({
      url: "http://new",
      port: 9002,
      names: ["a", "b"],
      loud: true,
      count: 5,
      token: undefined,
    });
  });

  test.each([
    [[], {}, "Cannot start: URL_NEW is not set; expected an http(s) URL"],
    [["--url", "localhost"], {}, 'Cannot start: --url is "localhost"; expected an http(s) URL'],
    [[], { URL_OLD: "ftp://x" }, 'Cannot start: URL_OLD is "ftp://x"; expected an http(s) URL'],
    [["--url", url, "--port", "70000"], {}, 'Cannot start: --port is "70000"; expected a port'],
    [["--url", url], { COUNT: "0" }, 'Cannot start: COUNT is "0"; expected a whole number'],
    [["--nope"], {}, 'Cannot read the argument "--nope": no such option'],
    [["stray"], {}, 'Cannot read the argument "stray": no such option'],
    [["--url"], {}, "Cannot read --url: its value is missing; expected an http(s) URL"],
  ])("refuses %j with %j", (argv, env, message) => {
    expect(() => readSettings(settings, { argv, env })).toThrow(message);
  });

  test("keeps a token out of messages, JSON and logs", () => {
    const { token } = readSettings(settings, { argv: ["--url", url], env: { TOKEN: "s3cr3t" } });
    const shown = [`${token}`, JSON.stringify({ token }), Bun.inspect(token)].join();
    expect({ shown: shown.includes("s3cr3t"), value: token?.reveal() }).toEqual({
      shown: false,
      value: "s3cr3t",
    });
  });

  test("parses with the schema of the setting", () => {
    const own = defineSettings({
      mode: {
        flag: "mode",
        parse: z.enum(["a", "b"]),
        expected: "a or b",
        default: "a",
        about: "Mode",
      },
    });
    expect(readSettings(own, { argv: ["--mode", "b"], env: {} }).mode).toBe("b");
    expect(() => readSettings(own, { argv: ["--mode", "c"], env: {} })).toThrow(AppError);
  });
});
