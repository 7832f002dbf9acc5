import type { DatabaseAddress } from "../../../db/address.ts";
import type { Background } from "../rest-program.ts";
import type { ClaimsContext } from "./context.ts";
import { removeLeftOvers } from "./documents/upload.ts";
import { keepPresence } from "./review/presence.ts";
import type { ReviewSockets } from "./review/sockets.ts";
import type { RunJob } from "./runs/queue.ts";
import { performRun } from "./runs/runner.ts";
import { abandonRun, watchForDeadRuns } from "./runs/takeover.ts";

/**
 * Starts what goes on beside the requests: hearing the other replicas, working on runs, and seeing to what died.
 * @throws when the database goes away meanwhile; then nothing is left running, and the caller tries again.
 */
export async function startBackground(
  context: ClaimsContext,
  address: DatabaseAddress,
  sockets: ReviewSockets,
): Promise<Background> {
  const { bus, queue, settings } = context;
  await removeLeftOvers(settings.documentsRoot);
  await bus.start({ address, database: context.database });
  try {
    const work = {
      perform: (job: RunJob, signal: AbortSignal) => performRun(context, job, signal),
      abandon: (job: RunJob) => abandonRun(context, job),
    };
    await queue.start(address, work, settings.runConcurrency);
  } catch (error) {
    await bus.stop();
    throw error;
  }
  const watch = watchForDeadRuns(context);
  const presence = keepPresence(context);
  return {
    async stop() {
      watch.stop();
      presence.stop();
      sockets.closeAll();
      // Ends runs and streams first: the queue gives the runs to another replica.
      bus.announceClosing();
      await queue.stop();
      await bus.stop();
    },
  };
}
