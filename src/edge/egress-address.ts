import { BlockList, isIP } from "node:net";

/**
 * Never granted by a name: this machine, its networks, and addresses that stand for another (RFC
 * 6890 and its heirs).
 */
const ranges: Readonly<Record<string, readonly string[]>> = {
  loopback: ["127.0.0.0/8", "::1/128"],
  "link-local": ["169.254.0.0/16", "fe80::/10"],
  private: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "fec0::/10"],
  "carrier-grade NAT": ["100.64.0.0/10"],
  unspecified: ["0.0.0.0/8", "::/128"],
  multicast: ["224.0.0.0/4", "ff00::/8"],
  reserved: [
    ...["192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24"],
    ...["203.0.113.0/24", "240.0.0.0/4", "100::/64", "2001:db8::/32", "3fff::/20", "5f00::/16"],
  ],
  // An IPv4 address inside an IPv6 one would pass by the rules for IPv4.
  embedded: [
    ...["::/96", "::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48"],
    ...["2002::/16", "2001::/23"],
  ],
};
// One list a family: a shared one would find every IPv4 address in its embedded form.
const lists = { 4: listsOf((subnet) => !subnet.includes(":")), 6: listsOf(() => true) };

/** Which special range an address is in; undefined for one of the public internet. */
export function specialRange(address: string): string | undefined {
  const version = isIP(address);
  if (version === 0) return "not an address";
  // An address with a zone (fe80::1%eth0) is one of this link.
  if (address.includes("%")) return "link-local";
  const family = version === 4 ? "ipv4" : "ipv6";
  const found = lists[version === 4 ? 4 : 6].find(({ list }) => list.check(address, family));
  return found?.kind;
}

/**
 * The other texts for the place that a connection to this address ends at: the IPv4 address inside an IPv6 one, loopback
 * for "this machine", and the name of loopback. Who denies one of them means all.
 */
export function aliasesOf(address: string): string[] {
  const inner = embeddedAddress(address) ?? address;
  const place = { "0.0.0.0": "127.0.0.1", "::": "::1" }[inner] ?? inner;
  const name = specialRange(place) === "loopback" ? ["localhost"] : [];
  return [inner, place, ...name].filter((alias) => alias !== address);
}

/** The first six words of an IPv6 address whose last two are an IPv4 one: mapped, translated, NAT64. */
const carriers: ReadonlySet<string> = new Set([
  "0:0:0:0:0:ffff",
  "0:0:0:0:ffff:0",
  "64:ff9b:0:0:0:0",
]);

function embeddedAddress(address: string): string | undefined {
  if (isIP(address) !== 6) return undefined;
  const words = wordsOf(address);
  const [first, second = 0, third = 0] = words;
  // 6to4
  if (first === 0x2002) return dotted(second, third);
  const [high = 0, low = 0] = words.slice(6);
  const head = words.slice(0, 6).map((word) => word.toString(16));
  return carriers.has(head.join(":")) ? dotted(high, low) : undefined;
}

/** The eight words of an IPv6 address. */
function wordsOf(address: string): number[] {
  const [plain = ""] = address.split("%");
  // The URL standard writes a dotted tail as words.
  const [before = "", after] = new URL(`http://[${plain}]/`).hostname.slice(1, -1).split("::");
  const numbers = (text: string) =>
    text === "" ? [] : text.split(":").map((word) => Number.parseInt(word, 16));
  const [head, tail] = [numbers(before), numbers(after ?? "")];
  return [...head, ...Array(8 - head.length - tail.length).fill(0), ...tail];
}

function dotted(high: number, low: number): string {
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}

function listsOf(belongs: (subnet: string) => boolean): { kind: string; list: BlockList }[] {
  return Object.entries(ranges).map(([kind, subnets]) => ({
    kind,
    list: listOf(subnets.filter(belongs)),
  }));
}

function listOf(subnets: readonly string[]): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [network = "", bits] = subnet.split("/");
    list.addSubnet(network, Number(bits), network.includes(":") ? "ipv6" : "ipv4");
  }
  return list;
}
