import { claimsSetup } from "../../../db/claims/setup.ts";
import type { Agent } from "../../agent/port.ts";
import type { Logger } from "../../core/log.ts";
import type { RestService } from "../rest-program.ts";
import { claimOperations } from "./claim-operations.ts";
import type { ClaimsContext } from "./context.ts";
import { answerClaimsFailure } from "./failure.ts";
import { claimsInput } from "./input.ts";
import { rootOperations } from "./root-operations.ts";
import { runOperations } from "./run-operations.ts";
import { createBus } from "./runs/bus.ts";
import { createRunQueue } from "./runs/queue.ts";
import { performRun } from "./runs/runner.ts";
import { abandonRun, watchForDeadRuns } from "./runs/takeover.ts";
import type { ClaimsSettings } from "./settings.ts";

/** The claims service, before it is given a database and a port. */
export function claimsService(
  settings: ClaimsSettings,
  { agent, log }: { agent: Agent; log: Logger },
): RestService {
  const shared = {
    settings,
    agent,
    log,
    queue: createRunQueue(log),
    bus: createBus(),
    replica: crypto.randomUUID(),
  };
  return {
    title: "Claims API",
    about: "Insurance claims: documents, runs of the agent, decisions and their review.",
    corsPrefix: "/",
    docs: { document: "/openapi.json", page: "/docs" },
    setup: claimsSetup,
    operations(database) {
      const context: ClaimsContext = { ...shared, database };
      return [...rootOperations(context), ...claimOperations(context), ...runOperations(context)];
    },
    answerFailure: answerClaimsFailure,
    input: claimsInput,
    async startBackground({ database, address }) {
      const context: ClaimsContext = { ...shared, database };
      await shared.bus.start(address);
      const work = {
        perform: (job: { runId: string }, signal: AbortSignal) => performRun(context, job, signal),
        abandon: (job: { runId: string }) => abandonRun(context, job),
      };
      await shared.queue.start(address, work, settings.runConcurrency);
      const watch = watchForDeadRuns(context);
      return {
        async stop() {
          watch.stop();
          // Aborts runs and streams first: the queue gives the runs to another replica.
          await shared.bus.close();
          await shared.queue.stop();
        },
      };
    },
    live: {
      accept: async () => "pass",
      websocket: { message: () => undefined },
      isSlow: ({ pathname, searchParams }) =>
        /\/(events|ask-agent)$/.test(pathname) ||
        (pathname.endsWith("/process") && searchParams.has("wait")),
    },
  };
}
