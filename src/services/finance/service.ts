import { financeSetup } from "../../../db/finance/setup.ts";
import type { RestService } from "../rest-program.ts";
import { answerFinanceFailure } from "./failure.ts";
import { financeOperations } from "./operations.ts";

/** The finance service, before it is given a database and a port. */
export const financeService: RestService = {
  title: "Finance API",
  about: "Orders, invoices, disputes and receipts of customers.",
  corsPrefix: "/api/finance/",
  setup: financeSetup,
  operations: financeOperations,
  answerFailure: answerFinanceFailure,
};
