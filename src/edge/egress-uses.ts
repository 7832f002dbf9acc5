/** How many addresses are remembered of one bundle; it chooses them, so what comes after is not. */
const addressLimitCount = 100;

/** What a bundle has done with one address. */
export interface EgressUse {
  /** `host:port`. */
  address: string;
  connectionCount: number;
  refusedCount: number;
  lastAt: string;
}

/** Which addresses bundles have reached or tried to reach through the proxy, since the start. */
export class EgressUses {
  readonly #bundles = new Map<string, Map<string, EgressUse>>();

  record(bundle: string, { host, port }: { host: string; port: number }, isRefused: boolean): void {
    const uses = this.#bundles.get(bundle) ?? new Map<string, EgressUse>();
    this.#bundles.set(bundle, uses);
    const address = `${host}:${port}`.slice(0, 300);
    const use = uses.get(address) ?? { address, connectionCount: 0, refusedCount: 0, lastAt: "" };
    if (!uses.has(address) && uses.size >= addressLimitCount) return;
    if (isRefused) use.refusedCount++;
    else use.connectionCount++;
    use.lastAt = new Date().toISOString();
    uses.set(address, use);
  }

  of(bundle: string): EgressUse[] {
    return [...(this.#bundles.get(bundle)?.values() ?? [])];
  }
}
