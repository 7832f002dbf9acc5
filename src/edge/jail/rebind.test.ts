import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { openPrison, type Prison } from "../../../tests/edge/jailed.ts";

describe.skipIf(process.platform !== "linux")(
  "a jailed program that goes by a name of its own",
  () => {
    /** What the program's own zone says, one answer a lookup; the last stays. */
    let zone: string[][] = [];
    let prison: Prison;
    let server: ReturnType<typeof Bun.serve>;
    beforeAll(async () => {
      const resolve = async (): Promise<string[]> =>
        (zone.length > 1 ? zone.shift() : zone[0]) ?? [];
      prison = await openPrison({ resolve });
      server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response("reached") });
    });
    afterAll(async () => {
      await server.stop(true);
      await prison.close();
    });

    /** What the program gets from its name when these hosts are granted. */
    async function fetchByName(grants: string[]): Promise<unknown> {
      const env = { TARGET: `http://rebind.test:${server.port}/` };
      return (await prison.attempt(["fetchTarget"], { env, grants: { net: grants } })).out;
    }

    test.each([
      ["this machine", "127.0.0.1", "loopback"],
      ["the metadata service", "169.254.169.254", "link-local"],
      ["the cluster", "10.0.0.1", "private"],
    ])("reaches %s no more than by its address", async (_, address, range) => {
      zone = [[address]];
      expect(await fetchByName(["rebind.test"])).toEqual({
        fetchTarget: `403 Cannot reach "rebind.test:${server.port}": the name leads to a special address (${range})`,
      });
    });

    test("gains nothing by changing the address after it was judged", async () => {
      // The one answer that was judged is the one that is connected to; the second is for whoever asks again.
      zone = [["127.0.0.1"], ["127.0.0.2"]];
      const grants = ["rebind.test", `127.0.0.1:${server.port}`];
      expect(await fetchByName(grants)).toEqual({ fetchTarget: "200 reached" });
      expect(zone).toEqual([["127.0.0.2"]]);
      expect(await fetchByName(grants)).toEqual({
        fetchTarget: `403 Cannot reach "rebind.test:${server.port}": the name leads to a special address (loopback)`,
      });
    });

    test("reaches what it was granted by name and by address", async () => {
      zone = [["127.0.0.1"]];
      expect(await fetchByName(["rebind.test", `127.0.0.1:${server.port}`])).toEqual({
        fetchTarget: "200 reached",
      });
    });
  },
);
