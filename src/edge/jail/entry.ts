import { jail } from "./main.ts";

// What `berth jail` is in the binary, for running from source.
jail(process.argv.slice(2));
