import { sdkChannel } from "../../src/kit/engine.ts";
import { createMux } from "../../src/wire/mux.ts";
import { serveStdio } from "../../src/wire/stdio.ts";
import { createFixture } from "./fixture.ts";

// The conformance fixture as a stdio server: what a desktop host would start.
const mux = createMux(sdkChannel(createFixture()));
await serveStdio({ mux }).ended;
await mux.close();
process.exit(0);
