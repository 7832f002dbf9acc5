import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { all, type Cell, openCell, out, users } from "../../../tests/edge/cell.ts";

describe.skipIf(process.platform !== "linux").each(users)(
  "the network of a bundle run by %s",
  (_, wrapper) => {
    let cell: Cell;
    beforeAll(async () => {
      cell = await openCell(wrapper);
    });
    afterAll(() => cell.close());

    const strangeSockets = ["rawSocket", "packetSocket", "netlinkSocket", "multipathSocket"];
    const strangeKinds = ["IPv4 raw, protocol 1", "family 17 raw", "family 16 raw"];
    const closedKinds = ["IPv4 datagram, protocol 17", ...strangeKinds, "Unix stream"];
    const noSocket = (kinds: readonly string[], reason: string) =>
      kinds.map((kind) => `socket: make a socket (${kind}): ${reason}`);
    const multipath = "IPv4 stream, protocol 262";
    const noServer = ["listen: listen on a socket: accepting connections is not granted"];
    const noPair = "socketpair: make a pair of sockets (Unix datagram): no grant covers it";
    const closedSockets = ["udp", ...strangeSockets, "unixSocket", "datagramPair", "listen"];

    test("has no network", async () => {
      const expected = {
        ...all("no socket: EPERM", ["tcp", "tcpElsewhere", "metadata"]),
        ...all("EPERM", closedSockets),
      };
      const kinds = [...closedKinds, multipath, "IPv4 stream"];
      const refusals = [...noSocket(kinds, "no host is granted"), ...noServer, noPair];
      expect(await cell.outcomes(Object.keys(expected))).toEqual(out(expected, refusals));
    });

    test("with a host granted, connects to the proxy alone, which lets it through to that host", async () => {
      const expected = {
        fetchTarget: "200 reached",
        fetchMetadata: '403 Cannot reach "169.254.169.254:80": the host is not granted',
        ...all("EACCES", ["tcp", "metadata"]),
        // The port is the proxy's own, on another machine: the socket cannot leave this one.
        ...all("EINVAL", ["tcpElsewhere", "tcpElsewhereAgain"]),
        ...all("EPERM", [...closedSockets, "tcpFastOpen", "bindAnywhere"]),
      };
      const onlyProxy = "only TCP to Berth's proxy is granted";
      const elsewhere = ["127.0.0.1:PORT", "169.254.169.254:80", "192.0.2.1:PROXY"];
      const refusals = [
        ...noSocket([...closedKinds, multipath], onlyProxy),
        ...[...noServer, noPair, "bind: bind on a socket: accepting connections is not granted"],
        ...elsewhere.map((to) => `connect: connect to ${to}: only Berth's proxy may be reached`),
        "sendto: connect while sending (sendto): only Berth's proxy may be reached",
      ];
      expect(await cell.outcomes(Object.keys(expected), { net: [cell.local] })).toEqual(
        out(expected, refusals),
      );
    });

    test("with the whole network granted, uses TCP and UDP, and no raw socket", async () => {
      const expected = {
        fetchTarget: "200 reached",
        ...all("done", ["tcp", "udp"]),
        ...all("EPERM", ["rawSocket", "packetSocket", "multipathSocket", "unixSocket"]),
      };
      const kinds = ["IPv4 raw, protocol 1", "family 17 raw", multipath, "Unix stream"];
      expect(await cell.outcomes(Object.keys(expected), { net: true })).toEqual(
        out(expected, noSocket(kinds, "no grant covers it")),
      );
    });
  },
);
