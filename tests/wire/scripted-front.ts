import { createMux, type Mux } from "../../src/wire/mux.ts";
import { type FrontServer, serveFront } from "../../src/wire/serve.ts";
import { ScriptedServer } from "./scripted.ts";

/** A scripted server behind our own front, on a free port. */
export function serveScripted(): {
  server: ScriptedServer;
  own: Mux;
  target: string;
  front: FrontServer;
} {
  const server = new ScriptedServer();
  const own = createMux(server);
  const front = serveFront({ mux: own, port: 0 });
  return { server, own, target: `${front.url}/mcp`, front };
}
