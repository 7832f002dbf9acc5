/** How long a pod may take to be ready, in milliseconds. */
const readyLimitMs = 60_000;

/** Asks until the answer is 200. */
export async function untilReady(url: string): Promise<number> {
  const until = performance.now() + readyLimitMs;
  while (performance.now() < until) {
    const status = await fetch(url)
      .then((response) => response.status)
      .catch(() => 0);
    if (status === 200) return status;
    await Bun.sleep(50);
  }
  throw new Error(`${url} is not ready after ${readyLimitMs} ms`);
}
