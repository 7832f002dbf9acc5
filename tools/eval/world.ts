import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Secret } from "../../src/core/secret.ts";
import { freePorts, startStack } from "../stack.ts";
import { thinkByRules } from "./model/ruleModel.ts";
import { startStandIn } from "./standIn.ts";

/** Where an evaluation finds what it asks. */
export interface EvalWorld extends AsyncDisposable {
  llamaStackUrl: string;
  model: string;
  customerUrl: string;
  financeUrl: string;
  /** The claims service, whose agent uses the same model. */
  /** The claims service, whose agent uses the same model; undefined where none was given. */
  claimsApi: string | undefined;
}

/** What an evaluation was told of the world. */
export interface GivenWorld {
  endpoint: string | undefined;
  model: string;
  apiKey: Secret | undefined;
  customerMcp: string | undefined;
  financeMcp: string | undefined;
  claimsApi: string | undefined;
}

/**
 * Starts what was not given: without an endpoint the model of rules, and without servers the services and MCP servers on a
 * fresh database, with the claims service's agent on the same model.
 */
export async function openWorld(given: GivenWorld): Promise<EvalWorld> {
  const standIn = given.endpoint === undefined ? startStandIn(thinkByRules) : undefined;
  const llamaStackUrl = given.endpoint ?? standIn?.url ?? "";
  const model = standIn === undefined ? given.model : "scripted";
  const servers = await openServers(given, { llamaStackUrl, model });
  return {
    llamaStackUrl,
    model,
    ...servers,
    async [Symbol.asyncDispose]() {
      await servers.stop();
      await standIn?.[Symbol.asyncDispose]();
    },
  };
}

async function openServers(
  { customerMcp, financeMcp, claimsApi, apiKey }: GivenWorld,
  { llamaStackUrl, model }: { llamaStackUrl: string; model: string },
) {
  if (customerMcp !== undefined && financeMcp !== undefined) {
    return {
      customerUrl: customerMcp,
      financeUrl: financeMcp,
      claimsApi,
      stop: () => Promise.resolve(),
    };
  }
  const folder = mkdtempSync(join(tmpdir(), "berth-eval-"));
  const ports = await freePorts();
  const stack = await startStack(folder, ports, {
    LLAMASTACK_ENDPOINT: llamaStackUrl,
    LLAMASTACK_DEFAULT_MODEL: model,
    ...(apiKey && { LLAMASTACK_API_KEY: apiKey.reveal() }),
  });
  return {
    customerUrl: `${stack.urls.berth}/customer-mcp/mcp`,
    financeUrl: `${stack.urls.berth}/finance-mcp/mcp`,
    claimsApi: stack.urls.claimsApi,
    stop: async () => {
      await stack.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
