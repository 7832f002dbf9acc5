import { customerSetup } from "../../../db/customer/setup.ts";
import type { RestService } from "../rest-program.ts";
import { answerCustomerFailure } from "./failure.ts";
import { customerOperations } from "./operations.ts";
import { createCustomerStore } from "./store.ts";

/** The customer service, before it is given a database and a port. */
export const customerService: RestService = {
  title: "Customer API",
  about: "Creates, finds, replaces and deletes customers.",
  corsPrefix: "/api/customers",
  setup: customerSetup,
  operations: (database) => customerOperations(createCustomerStore(database)),
  answerFailure: answerCustomerFailure,
};
