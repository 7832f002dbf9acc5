/** All services in one executable, for the image: the first word names the one that this process is. */
import { runProgramSet } from "../core/programSet.ts";

await runProgramSet({
  name: "services",
  about: "The REST services of FantaCo and of the claims system: one process is one of them.",
  kind: "service",
  programs: {
    customer: {
      about: "The customers of FantaCo, their notes, contacts and projects",
      start: () => import("./customer/main.ts"),
    },
    finance: {
      about: "The orders, invoices and disputes of FantaCo",
      start: () => import("./finance/main.ts"),
    },
    claims: {
      about: "Insurance claims, their documents, runs and decisions, with the review page",
      start: () => import("./claims/main.ts"),
    },
  },
});
