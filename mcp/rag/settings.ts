import * as z from "zod";
import type { Logger } from "../../src/core/log.ts";
import { defineSettings, type SettingValues, truth } from "../../src/core/settings.ts";
import { chooseEmbedder, embedderSettings } from "./embed/choose.ts";
import { openClaims, periodicSyncSettings, startPeriodicSync } from "./ingest/periodicSync.ts";
import { grantsSetting } from "./retrieve/grants.ts";
import { createTemporaryIndex, locateIndex } from "./retrieve/location.ts";
import { openQueryEmbedding } from "./retrieve/queryEmbedding.ts";
import type { Rag } from "./retrieve/rag.ts";
import { openStore } from "./store/open.ts";

/** Where the index is: of the server and of every command that works on it. */
export const indexSettings = defineSettings({
  db: {
    flag: "db",
    env: ["RAG_DB"],
    parse: z.string().transform((text) => (text === "" ? undefined : locateIndex(text))),
    expected: "a file, a folder or a postgres:// address",
    default: "",
    about: "The index: a SQLite file, the folder for it, or a PostgreSQL with pgvector",
  },
});

/** The server's own settings. */
export const settings = defineSettings({
  ...indexSettings,
  ...embedderSettings,
  ...periodicSyncSettings,
  grants: {
    env: ["RAG_GRANTS"],
    parse: grantsSetting,
    expected: "principal=collection,…;…, where * is everybody or everything",
    default: "",
    about: "Which collections each principal may search; everybody all of them when not set",
  },
  masksPersonalData: {
    env: ["MASK_PII"],
    parse: truth,
    expected: "true or false",
    default: "true",
    about: "Replaces personal data in results by placeholders",
  },
});

/** Opens what the tools work with. */
export async function openRag(values: SettingValues<typeof settings>, log: Logger): Promise<Rag> {
  const store = await openStore(values.db ?? createTemporaryIndex());
  const source = await chooseEmbedder(values);
  const isSynced = values.claimsUrl !== "" && values.syncSeconds > 0;
  return {
    store,
    embedding: openQueryEmbedding(store, source, log),
    ...(isSynced && {
      sync: startPeriodicSync(
        { store, source, claims: openClaims(values) },
        values.syncSeconds,
        log,
      ),
    }),
    grants: values.grants,
    masksPersonalData: values.masksPersonalData,
    isTemporary: values.db === undefined,
    now: () => new Date(),
  };
}
