import { serveFixture } from "./serve.ts";

// Prints where the fixture is, for whoever drives it by hand.
const { front } = serveFixture();
process.stdout.write(`${front.url}/mcp\n`);
