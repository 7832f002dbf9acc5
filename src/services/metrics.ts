/** Upper bounds of the duration buckets, in seconds: from a read by key to the database's answer limit. */
const bucketBounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** The count and the durations of one kind of request. */
interface Series {
  labels: string;
  count: number;
  sumSeconds: number;
  /** How many requests fell between the bound before and this one; the last entry is for the slower ones. */
  buckets: number[];
}

/** Counts requests by method, route and status. Routes are patterns, so the number of series is bounded. */
export interface RequestMetrics {
  record(method: string, route: string, status: number, seconds: number): void;
  /** The Prometheus text exposition format 0.0.4. */
  render(): string;
}

export function createRequestMetrics(): RequestMetrics {
  const seriesByKey = new Map<string, Series>();
  return {
    record(method, route, status, seconds) {
      const series = findSeries(seriesByKey, method, route, status);
      series.count++;
      series.sumSeconds += seconds;
      const bucket = bucketBounds.findIndex((bound) => seconds <= bound);
      const index = bucket === -1 ? bucketBounds.length : bucket;
      series.buckets[index] = (series.buckets[index] ?? 0) + 1;
    },
    render: () =>
      `# HELP http_server_requests_seconds Duration of HTTP requests.
# TYPE http_server_requests_seconds histogram
${[...seriesByKey.values()].map(renderSeries).join("")}# HELP process_resident_memory_bytes Resident memory.
# TYPE process_resident_memory_bytes gauge
process_resident_memory_bytes ${process.memoryUsage.rss()}
# HELP process_uptime_seconds Time since the start.
# TYPE process_uptime_seconds gauge
process_uptime_seconds ${process.uptime().toFixed(3)}
`,
  };
}

function findSeries(
  seriesByKey: Map<string, Series>,
  method: string,
  route: string,
  status: number,
): Series {
  const key = `${method} ${status} ${route}`;
  const known = seriesByKey.get(key);
  if (known) return known;
  const labels = `method="${method}",uri="${route}",status="${status}"`;
  const buckets = new Array<number>(bucketBounds.length + 1).fill(0);
  const series = { labels, count: 0, sumSeconds: 0, buckets };
  seriesByKey.set(key, series);
  return series;
}

function renderSeries({ labels, count, sumSeconds, buckets }: Series): string {
  const name = "http_server_requests_seconds";
  let below = 0;
  const lines = bucketBounds.map((bound, index) => {
    below += buckets[index] ?? 0;
    return `${name}_bucket{${labels},le="${bound}"} ${below}\n`;
  });
  return `${lines.join("")}${name}_bucket{${labels},le="+Inf"} ${count}
${name}_sum{${labels}} ${sumSeconds}
${name}_count{${labels}} ${count}
`;
}
