/** The conformance fixture on stdio, with the SDK's own transport: what a third-party server is to Berth. */
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { createFixture } from "./fixture.ts";

await createFixture().connect(new StdioServerTransport());
