/** The agents' programs in one executable, for the image: the first word names the one that this process is. */
const programs: Readonly<Record<string, () => Promise<unknown>>> = {
  "question-api": () => import("../agents/question-api.ts"),
  "chat-ui": () => import("../../src/services/support-chat/main.ts"),
};

const name = process.argv[2] ?? "";
const start = programs[name];
if (start === undefined) {
  console.error(
    `Cannot start ${JSON.stringify(name)}: no such program\nhint: The programs are ${Object.keys(programs).join(", ")}; give one of them as the first argument.`,
  );
  process.exit(2);
}
// The rest of the command line is the program's own.
process.argv.splice(2, 1);
await start();
