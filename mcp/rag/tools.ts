import type { Tool } from "../../src/kit/tool.ts";
import type { Rag } from "./retrieve/rag.ts";
import { claimsTools } from "./tools-claims.ts";
import { indexTools } from "./tools-index.ts";
import { searchTools } from "./tools-search.ts";

/** The retrieval server's tools, in the order in which they are listed. */
export const tools: readonly Tool<Rag>[] = [...claimsTools, ...searchTools, ...indexTools];
