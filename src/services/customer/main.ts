import { runProgram } from "../../core/program.ts";
import { startRestService } from "../rest-program.ts";
import { restSettings } from "../rest-settings.ts";
import { customerService } from "./service.ts";

await runProgram({
  name: "customer-api",
  about: "Serves FantaCo's customers over REST, from its own PostgreSQL database.",
  settings: restSettings({ port: 8081, database: "fantaco_customer", corsOrigins: "" }),
  examples: [
    "customer-api --database-url postgres://postgres:postgres@localhost:5432/fantaco_customer",
    "customer-api --port 0 --seed false",
  ],
  start: (settings, context) => startRestService(customerService, settings, context),
});
