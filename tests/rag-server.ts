import { join } from "node:path";
import { openStore } from "../mcp/rag/store/open.ts";
import { connectStdio, type TestClient } from "./clients.ts";
import { root } from "./program.ts";
import { fillWithClaims } from "./rag.ts";
import type { Engine } from "./rag-engines.ts";

/** A client of the retrieval server over an index of the claims records. */
export interface RagServer extends TestClient {
  /** Starts another server over the same index. */
  command: readonly string[];
}

/** Fills an index and starts the server over it. */
export async function startRag(engine: Engine): Promise<RagServer> {
  const place = await engine.place();
  const store = await openStore(place);
  await fillWithClaims(store);
  await store.close();
  // Not as an argument: everybody may read the arguments of a process, and an address may hold a password.
  const command = ["env", `RAG_DB=${place}`, process.execPath, join(root, "mcp/rag/server.ts")];
  const connected = await connectStdio(command);
  return {
    client: connected.client,
    command,
    [Symbol.asyncDispose]: async () => {
      await connected[Symbol.asyncDispose]();
      await engine.remove();
    },
  };
}
