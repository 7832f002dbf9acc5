/** `bun run bench <name> [--json]`: measures the product beside its peers; without a name, lists what can be measured. */

import { benchClaims } from "./bench/claims.ts";
import { benchClaimsKills } from "./bench/claimsKills.ts";
import { benchClaimsLoad } from "./bench/claimsLoad.ts";
import { benchGateway } from "./bench/gateway.ts";
import { benchLlamaStack } from "./bench/llama-stack.ts";
import { benchMcp } from "./bench/mcp.ts";
import { benchOcr } from "./bench/ocr.ts";
import { type BenchOptions, readBenchOptions } from "./bench/options.ts";
import { benchPages } from "./bench/pages.ts";
import { benchRag } from "./bench/rag.ts";
import { benchRest } from "./bench/rest.ts";
import { benchStart } from "./bench/start.ts";

const benches: Record<string, { about: string; run(options: BenchOptions): Promise<void> }> = {
  mcp: {
    about: "tools/call over HTTP beside the MCP SDKs and plain Bun.serve; --soak makes 1,000,000",
    run: benchMcp,
  },
  gateway: {
    about: "an echo server behind Berth beside other gateways; --soak, --crossed",
    run: benchGateway,
  },
  "llama-stack": {
    about: "the wait for our server inside Llama Stack's responses beside FastMCP; --tasks 0.7.1",
    run: benchLlamaStack,
  },
  start: {
    about: "process start to the initialize answer over stdio, and idle memory",
    run: benchStart,
  },
  ocr: {
    about: "accuracy and speed of ocr-mcp beside tesseract; --soak reads 500 pages",
    run: benchOcr,
  },
  rag: {
    about:
      "vector, lexical and hybrid search beside pgvector at 10k, 100k and (--tasks) 1m chunks; answers judged",
    run: benchRag,
  },
  claims: {
    about: "the 30 labelled claims to their decisions; --only workflow or llama-stack",
    run: benchClaims,
  },
  "claims-load": {
    about: "200 requests at once to process 30 claims, and status reads meanwhile",
    run: benchClaimsLoad,
  },
  "claims-kills": {
    about:
      "kill -9 of claims-api, tool servers and the database in the middle of runs; --rounds 100",
    run: benchClaimsKills,
  },
  pages: {
    about: "the pages in a browser: scripts, first content, 100,000 claims, 10,000 events",
    run: benchPages,
  },
  rest: {
    about: "the REST services beside Elysia on postgres.js and FastAPI on asyncpg",
    run: benchRest,
  },
};

const [name = "", ...args] = process.argv.slice(2);
const bench = benches[name];
if (bench === undefined) {
  console.log(helpText());
  process.exit(name === "" || name === "--help" ? 0 : 2);
}
try {
  await bench.run(readBenchOptions(args));
  // With the code that the bench has set, when a promise was not kept.
  process.exit();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

function helpText(): string {
  const list = Object.entries(benches).map(([key, { about }]) => `  ${key.padEnd(13)}${about}`);
  return `Measures Berth beside its peers, in alternating rounds on this machine.

Usage: bun run bench <name> [options]

Benches:
${list.join("\n")}

Options:
  --json               Print the figures as JSON.
  --connections 1,20   Numbers of connections.  [1,20,100]
  --rounds 3           Rounds per contender; medians are shown.  [5]
  --seconds 2          Length of a round.  [3]
  --soak               Makes 1,000,000 calls and tells the memory on the way.
  --crossed            Makes 100,000 calls of 200 clients whose ids collide.
  --only a,b           Measure only these contenders.
  --tasks a,b          Measure only these tasks or back ends; ocr: accuracy, scan, text, start, memory, and
                       beginnings of documents' names; rag: 10k, 100k, uniform, 1m, 1m-peers, quality.

Examples:
  bun run bench mcp
  bun run bench rest --connections 20 --json
  bun run bench ocr --tasks accuracy,faint,rotated`;
}
