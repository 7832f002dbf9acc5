import { expect, test } from "bun:test";
import { join } from "node:path";
import { openFolder, writeFiles } from "../berth.ts";
import { berthProgram, startServe } from "./served.ts";

/** What berth run says last, without the log. */
async function lastWords(folder: string, ...command: string[]) {
  const argv = [...berthProgram, "run", "--", ...command];
  const child = Bun.spawn(argv, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  const [stderr, code] = await Promise.all([new Response(child.stderr).text(), child.exited]);
  return { code, said: stderr.trim().split("\n").slice(-2) };
}

test.skipIf(process.platform !== "linux").each([
  ["read", "node_modules/a/x.js", "node_modules", 'readFileSync("node_modules/a/x.js")'],
  ["read", "x.txt", "", 'readFileSync("x.txt")'],
  ["write", "x.txt", "", 'writeFileSync("x.txt", "")'],
])("berth run says how to grant what it was refused, to %s %s", async (verb, file, part, call) => {
  using folder = openFolder();
  writeFiles(folder.path, { [file]: "" });
  const [path, granted] = [join(folder.path, file), join(folder.path, part)];
  const program = `require("node:fs").${call.replace(file, path)}`;
  expect(await lastWords(folder.path, process.execPath, "-e", program)).toEqual({
    code: 1,
    said: [
      expect.stringMatching(/^Cannot run ".*": it exited with code 1; its last words: .*EACCES/),
      `hint: Its jail refused it to ${verb} "${path}": the path is not granted. If it needs that, grant it with --allow-${verb}=${granted.replace(/\/$/, "")}, or in berth.json.`,
    ],
  });
});

test("a grant of what is not there is told, since it opens nothing", async () => {
  using folder = openFolder();
  writeFiles(folder.path, { "x.txt": "" });
  const flags = ["--allow-read=x.txt,typo.txt", "--allow-run=no-such-program"];
  const argv = [...berthProgram, "run", ...flags, "--", process.execPath, "-e", "process.exit(3)"];
  const child = Bun.spawn(argv, { cwd: folder.path, stdio: ["ignore", "pipe", "pipe"] });
  const [line = "{}"] = (await new Response(child.stderr).text()).split("\n");
  expect(JSON.parse(line)).toMatchObject({
    level: 40,
    absent: [join(folder.path, "typo.txt"), "no-such-program"],
    msg: "granted, and not there",
  });
});

const fetched = {
  message: 'Cannot start "npx": it fetches a program and starts it, and no program is granted',
  hint: 'Install it once: npm install <package>, then command "node" with node_modules/<package>/<file> as its argument and "read": ["node_modules"].',
};

test("a command that fetches its program is refused at once, with what to do instead", async () => {
  using folder = openFolder();
  writeFiles(folder.path, { npx: "#!/bin/sh\nexit 1\n" });
  expect(await lastWords(folder.path, "./npx", "-y", "a")).toEqual({
    code: 2,
    said: [fetched.message, `hint: ${fetched.hint}`],
  });
  await using served = await startServe(folder.path, {
    mcpServers: { one: { command: "./npx", args: ["-y", "a"] } },
  });
  const response = await fetch(`${served.url}/one/events?last=50&follow=false`);
  const [first = ""] = (await response.text())
    .split("\n")
    .filter((line) => line.startsWith("data"));
  expect(JSON.parse(first.slice("data: ".length))).toEqual({
    at: expect.any(String),
    kind: "start_failed",
    detail: fetched.message,
    hint: fetched.hint,
    nextTryMs: expect.any(Number),
  });
});
