import * as z from "zod";
import { secretSetting } from "../../../src/core/commonSettings.ts";
import { AppError } from "../../../src/core/fault.ts";
import type { Logger } from "../../../src/core/log.ts";
import {
  defineSettings,
  httpUrl,
  type SettingValues,
  wholeNumber,
} from "../../../src/core/settings.ts";
import { openUpstream, type Upstream } from "../../../src/core/upstream.ts";
import type { EmbedderSource } from "../embed/port.ts";
import { wait } from "../embed/retry.ts";
import type { Store } from "../store/port.ts";
import { type Embedded, embedIndex } from "./embedIndex.ts";
import { type SyncReport, syncClaims } from "./sync.ts";

const optionalHttpUrl = z.union([z.literal(""), httpUrl]);

/** The claims service whose records the index follows. */
export const claimsSettings = defineSettings({
  claimsUrl: {
    flag: "claims-api-base-url",
    env: ["CLAIMS_API_BASE_URL"],
    parse: optionalHttpUrl,
    expected: "an http(s) URL, for example http://localhost:8000",
    default: "",
    about: "The claims service whose users, contracts, precedents and articles are searched",
  },
  claimsToken: secretSetting(
    "CLAIMS_API_TOKEN",
    "The bearer token that the claims service asks for",
  ),
});

/** How often the server itself follows the claims service. */
export const periodicSyncSettings = defineSettings({
  ...claimsSettings,
  syncSeconds: {
    flag: "sync-seconds",
    env: ["RAG_SYNC_SECONDS"],
    parse: wholeNumber(0),
    expected: "a whole number of seconds",
    default: "60",
    about: "How often changes of the claims service are fetched; 0 for never",
  },
});

/** @throws AppError `invalid_config` when no service is named. */
export function openClaims({
  claimsUrl,
  claimsToken,
}: SettingValues<typeof claimsSettings>): Upstream {
  if (claimsUrl === "") {
    throw new AppError("invalid_config", "Cannot sync: CLAIMS_API_BASE_URL is not set", {
      hint: "Set it, or --claims-api-base-url, to the claims service's address.",
    });
  }
  return openUpstream({ name: "claims service", baseUrl: claimsUrl, token: claimsToken });
}

/** What one sync works with. */
export interface SyncParts {
  store: Store;
  source: EmbedderSource;
  claims: Upstream;
}

/** Follows the claims service once and gives what is new its vectors. */
export async function syncOnce(
  { store, source, claims }: SyncParts,
  options: { isFull: boolean; signal: AbortSignal },
): Promise<{ collections: SyncReport[]; vectors: Embedded }> {
  const collections = await syncClaims(store, claims, options);
  const vectors = await embedIndex(store, source, { signal: options.signal });
  await store.maintain({ signal: options.signal });
  return { collections, vectors };
}

/** How long the first try after a failed sync waits, in milliseconds; each further one twice as long, up to the interval. */
const retryMs = 500;

/** How long the first calls wait for the first sync, in milliseconds from the start; then they get what there is. */
const firstSyncMs = 5_000;

/** A sync that goes on in the background. */
export interface PeriodicSync {
  /** Settles once the service has been read whole, and `firstSyncMs` after the start at the latest. */
  begun: Promise<void>;
  stop(): Promise<void>;
}

/**
 * Syncs now and then every `seconds`. The first one reads everything, since the service may have been made anew while
 * nobody looked. A failure is logged and tried again soon: the service may just be starting as well.
 */
export function startPeriodicSync(parts: SyncParts, seconds: number, log: Logger): PeriodicSync {
  const stopping = new AbortController();
  const { signal } = stopping;
  const begun = Promise.withResolvers<void>();
  const patience = setTimeout(begun.resolve, firstSyncMs);
  const run = async () => {
    let failures = 0;
    for (let isFull = true; !signal.aborted; ) {
      const isDone = await attempt(parts, { isFull, signal }, log);
      if (isDone) {
        isFull = false;
        begun.resolve();
      }
      failures = isDone ? 0 : failures + 1;
      const waitMs = isDone
        ? seconds * 1000
        : Math.min(retryMs * 2 ** (failures - 1), seconds * 1000);
      await wait(waitMs, signal).catch(() => undefined);
    }
  };
  const ended = run();
  return {
    begun: begun.promise,
    async stop() {
      clearTimeout(patience);
      begun.resolve();
      stopping.abort(new Error("stopped"));
      await ended;
    },
  };
}

async function attempt(
  parts: SyncParts,
  options: { isFull: boolean; signal: AbortSignal },
  log: Logger,
): Promise<boolean> {
  try {
    const { collections, vectors } = await syncOnce(parts, options);
    const skipped = collections.flatMap((one) => one.skipped);
    if (skipped.length > 0)
      log.warn({ skipped }, "records of the claims service are not of the agreed form");
    if (vectors.problem !== undefined)
      log.warn(`new chunks have no vectors yet: ${vectors.problem}`);
    const changed = collections.filter(({ written, deleted }) => written + deleted > 0);
    if (changed.length > 0) log.info({ changed, vectors: vectors.vectors }, "synced");
    return true;
  } catch (error) {
    if (options.signal.aborted) return false;
    // A bug must not end the server, which answers from what it has; the next round tries again.
    const reason =
      error instanceof AppError
        ? { fault: error.fault, reason: error.message, detail: error.detail }
        : { error };
    log.warn(reason, "cannot sync; searching what was synced before");
    return false;
  }
}
