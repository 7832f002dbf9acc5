import { jail } from "../../src/edge/jail/main.ts";

// What `berth jail` is in the binary, for the tests.
await jail(process.argv.slice(2), process.env);
