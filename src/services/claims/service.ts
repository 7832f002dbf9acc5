import { claimsSetup } from "../../../db/claims/setup.ts";
import type { Agent } from "../../agent/port.ts";
import type { ToolServer } from "../../agent/toolServer.ts";
import type { Logger } from "../../core/log.ts";
import type { RestService } from "../rest-program.ts";
import { adminOperations } from "./admin-operations.ts";
import { startBackground } from "./background.ts";
import { claimOperations } from "./claim-operations.ts";
import type { ClaimsContext } from "./context.ts";
import { documentOperations } from "./document-operations.ts";
import { documentWordsOperation } from "./document-words.ts";
import { answerClaimsFailure } from "./failure.ts";
import { claimsInput } from "./input.ts";
import { internalOperations } from "./internal/operations.ts";
import { withPage } from "./pages.ts";
import { createReviewSockets } from "./review/sockets.ts";
import { reviewOperations } from "./review-operations.ts";
import { rootOperations } from "./root-operations.ts";
import { runOperations } from "./run-operations.ts";
import { createBus } from "./runs/bus.ts";
import { createRunQueue } from "./runs/queue.ts";
import type { ClaimsSettings } from "./settings.ts";

/** The claims service, before it is given a database and a port. */
export function claimsService(
  settings: ClaimsSettings,
  { agent, log, reader }: { agent: Agent; log: Logger; reader?: ToolServer },
): RestService {
  const shared = {
    settings,
    agent,
    log,
    queue: createRunQueue(log),
    bus: createBus(),
    replica: crypto.randomUUID(),
  };
  let opened: ClaimsContext | undefined;
  const context = () => {
    if (!opened) throw new Error("the service has not been given its database yet");
    return opened;
  };
  const sockets = createReviewSockets(context, settings.prefix);
  return {
    title: "Claims API",
    about: "Insurance claims: documents, runs of the agent, decisions and their review.",
    corsPrefix: "/",
    docs: { document: "/openapi.json", page: "/docs" },
    setup: claimsSetup,
    operations(database) {
      const context = { ...shared, database };
      opened = context;
      return [
        ...withPage(rootOperations(context), settings.prefix),
        ...claimOperations(context),
        ...runOperations(context),
        ...documentOperations(context),
        ...(reader ? [documentWordsOperation(context, reader)] : []),
        ...reviewOperations(context),
        ...adminOperations(context),
        ...internalOperations(context),
      ];
    },
    answerFailure: answerClaimsFailure,
    input: claimsInput,
    startBackground: ({ database, address }) =>
      startBackground({ ...shared, database }, address, sockets),
    live: {
      ...sockets,
      isSlow: ({ pathname, searchParams }) =>
        /\/(events|ask-agent|words)$/.test(pathname) ||
        (pathname.endsWith("/process") && searchParams.has("wait")),
    },
  };
}
