import { join } from "node:path";
import { createTestDatabase } from "./postgres.ts";
import { root, runListening, type TestProgram } from "./program.ts";

/** A REST service as a process of its own, on a fresh database with the sample rows. */
export interface TestService extends AsyncDisposable {
  url: string;
  databaseUrl: string;
  program: TestProgram;
}

/** Starts `customer` or `finance` from source on a port of the system's choosing. */
export async function startService(domain: "customer" | "finance"): Promise<TestService> {
  const database = await createTestDatabase();
  const command = [process.execPath, join(root, "src/services", domain, "main.ts"), "--port", "0"];
  const program = await runListening(command, { DATABASE_URL: database.url });
  await untilReady(program.url);
  return {
    url: program.url,
    databaseUrl: database.url,
    program,
    async [Symbol.asyncDispose]() {
      await program[Symbol.asyncDispose]();
      await database.drop();
    },
  };
}

/** A service listens before its schema is up to date; readiness says when it is. */
async function untilReady(url: string): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await fetch(`${url}/actuator/health/readiness`)).ok) {
    if (Date.now() > deadline) throw new Error(`${url} does not become ready`);
    await Bun.sleep(10);
  }
}
