import type { Tool } from "../../src/kit/tool.ts";
import type { Rag } from "./retrieve/rag.ts";
import { indexTools } from "./tools-index.ts";
import { retrieveSimilarClaims } from "./tools-precedents.ts";
import { searchTools } from "./tools-search.ts";
import { retrieveUserInfo } from "./tools-user.ts";

/** The retrieval server's tools, in the order in which they are listed. */
export const tools: readonly Tool<Rag>[] = [
  retrieveUserInfo,
  retrieveSimilarClaims,
  ...searchTools,
  ...indexTools,
];
