/** The agents' programs in one executable, for the image: the first word names the one that this process is. */
import { runProgramSet } from "../../src/core/programSet.ts";

await runProgramSet({
  name: "agents",
  about: "The programs through which people ask FantaCo's agents: one process is one of them.",
  kind: "program",
  programs: {
    "question-api": {
      about: "Answers questions and look-ups about customers, orders and invoices over HTTP",
      start: () => import("../agents/question-api.ts"),
    },
    "chat-ui": {
      about: "The support agents' chat with its page",
      start: () => import("../../src/services/support-chat/main.ts"),
    },
  },
});
