/** The two executables of the images that are several programs each, from their source. */
import { describe, expect, test } from "bun:test";
import { version } from "../../src/core/version.ts";
import { runToEnd } from "../../tests/program.ts";

describe.each([
  ["src/services/main.ts", "services", "service", ["customer", "finance", "claims"]],
  ["tools/image/agents.ts", "agents", "program", ["question-api", "chat-ui"]],
])("%s", (entry, name, kind, programs) => {
  const run = (...words: string[]) => runToEnd([process.execPath, entry, ...words]);

  test.each([[["help"]], [["--help"]], [["-h"]], [[]]])(
    "%p tells what it is, which programs it has, and where their options are",
    async (words) => {
      const { code, stdout, stderr } = await run(...words);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(stdout).toContain(`Usage: ${name} <${kind}> [options]`);
      for (const each of programs) expect(stdout).toMatch(new RegExp(`^  ${each}  +[A-Z]`, "m"));
      expect(stdout).toContain(`${name} <${kind}> --help prints the ${kind}'s options`);
    },
  );

  test("--version tells its version", async () => {
    expect(await run("--version")).toEqual({ code: 0, stdout: `${name} ${version}\n`, stderr: "" });
  });

  test.each(programs)("%s --help and help %s print the program's own help", async (program) => {
    const [help, same] = await Promise.all([run(program, "--help"), run("help", program)]);
    expect(help).toEqual(same);
    expect([help.code, /^Usage: [\w-]+ \[options\]$/m.test(help.stdout)]).toEqual([0, true]);
  });

  test.each(["nope", "constructor", "", "--port"])("refuses %p with code 2", async (word) => {
    expect(await run(word, "--help")).toEqual({
      code: 2,
      stdout: "",
      stderr: `Cannot start "${word}": no such ${kind}\nhint: The ${kind}s are ${programs.join(", ")}; give one of them as the first argument.\n`,
    });
  });
});
