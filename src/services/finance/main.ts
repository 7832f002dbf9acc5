import { runProgram } from "../../core/program.ts";
import { startRestService } from "../rest-program.ts";
import { restSettings } from "../rest-settings.ts";
import { financeService } from "./service.ts";

await runProgram({
  name: "finance-api",
  about: "Serves FantaCo's orders, invoices, disputes and receipts over REST.",
  settings: restSettings({ port: 8082, database: "fantaco_finance", corsOrigins: "*" }),
  examples: [
    "finance-api --database-url postgres://postgres:postgres@localhost:5432/fantaco_finance",
    "finance-api --port 0 --cors-origins https://support.example.com",
  ],
  start: (settings, context) => startRestService(financeService, settings, context),
});
