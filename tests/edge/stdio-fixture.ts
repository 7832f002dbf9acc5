import { createMux } from "../../src/wire/mux.ts";
import { serveStdio } from "../../src/wire/stdio.ts";
import { ScriptedServer } from "../wire/scripted.ts";

/** A scripted server on stdin and stdout. With `talks` it never stops saying things by itself. Its last word, on stderr, is why it ended. */
const server = new ScriptedServer();
const mux = createMux(server);
const { ended } = serveStdio({ mux });
const params = { level: "info", data: "x".repeat(1024 * 1024) };
const talk = (): void =>
  server.onMessage({ jsonrpc: "2.0", method: "notifications/message", params });
const talking = process.argv[2] === "talks" ? setInterval(talk, 1) : undefined;
const reason = await ended;
clearInterval(talking);
process.stderr.write(reason);
process.exit(0);
