import { sdkChannel } from "../../src/kit/engine.ts";
import { createMux, type Mux } from "../../src/wire/mux.ts";
import { type FrontServer, type ServeFrontOptions, serveFront } from "../../src/wire/serve.ts";
import { createFixture } from "./fixture.ts";

/** The conformance fixture behind our own front, on a free port. */
export function serveFixture(options: Partial<ServeFrontOptions> = {}): {
  front: FrontServer;
  mux: Mux;
} {
  const mux = createMux(sdkChannel(createFixture()));
  return { mux, front: serveFront({ mux, port: 0, ...options }) };
}
