/** Whether the network policies let through what the objects themselves ask for, by the pods' own ports. */
import { type KubeObject, type Labels, nameOf, type PodOf, podsOf, selects } from "./objects.ts";
import { type PolicyInput, unless } from "./policyInput.ts";

interface Selector {
  matchLabels?: Labels;
  matchExpressions?: { key: string; operator: "In"; values: string[] }[];
}

interface Rule {
  ports?: { protocol: string; port: string | number }[];
  from?: Peer[];
  to?: Peer[];
}

interface Peer {
  podSelector?: Selector;
  namespaceSelector?: Selector;
}

/** One end of a call: the labels of a pod, and those of its namespace where that is not the release's. */
interface End {
  name: string;
  labels: Labels;
  namespace?: Labels;
}

interface Flow {
  from: End;
  to: End;
  /** The pod's port, and its name. */
  port: { number: number; name: string };
}

/** Services, and which of their ports; the only one, where none is said. */
interface Wanted {
  fits(service: KubeObject): boolean;
  port?: string | number | undefined;
}

/** The release's namespace, as every cluster labels it. */
const home = { "kubernetes.io/metadata.name": "demo" };
/** The router's namespace: OpenShift's, and the one that the values of the matrix name. */
const router: End = {
  name: "the router",
  labels: {},
  namespace: {
    "network.openshift.io/policy-group": "ingress",
    "kubernetes.io/metadata.name": "ingress",
  },
};
const monitoring: End = {
  name: "the monitoring",
  labels: {},
  namespace: { "network.openshift.io/policy-group": "monitoring" },
};

/** Names the flows that a policy cuts off. */
export function findBlockedFlows({ objects }: PolicyInput): string[] {
  const policies = objects.filter(({ kind }) => kind === "NetworkPolicy");
  return flowsOf(objects).flatMap((flow) => [
    ...unless(isOpen(policies, flow, "egress"), `${tell(flow)} is not let out`),
    ...unless(isOpen(policies, flow, "ingress"), `${tell(flow)} is not let in`),
  ]);
}

/** As `from -> to:port`. */
export function tell({ from, to, port }: Flow): string {
  return `${from.name} -> ${to.name}:${port.number}`;
}

/** Every call to a Service of these objects: of pods that are given its address, through ways in, and by monitors. */
export function flowsOf(objects: readonly KubeObject[]): Flow[] {
  const pods = podsOf(objects).filter(({ isLasting }) => isLasting);
  const calls = pods.flatMap((pod) =>
    addressesOf(pod, objects).flatMap(({ host, port }) =>
      flowsTo(objects, endOf(pod), { fits: ({ metadata }) => metadata.name === host, port }),
    ),
  );
  const ways = objects.filter(({ kind }) => ["Route", "Ingress", "HTTPRoute"].includes(kind));
  const entries = ways.flatMap(({ spec }) => {
    const text = JSON.stringify(spec);
    const fits = ({ metadata }: KubeObject) => text.includes(`"name":"${metadata.name}"`);
    return flowsTo(objects, router, { fits });
  });
  const monitors = objects.filter(({ kind }) => kind === "ServiceMonitor");
  const scrapes = monitors.flatMap((monitor) => {
    const { selector, endpoints } = monitor.spec as {
      selector: { matchLabels: Labels };
      endpoints: { port: string }[];
    };
    const fits = ({ metadata }: KubeObject) => selects(selector.matchLabels, metadata.labels ?? {});
    const found = flowsTo(objects, monitoring, { fits, port: endpoints[0]?.port });
    if (found.length !== 1) throw new Error(`${nameOf(monitor)} finds ${found.length} pods`);
    return found;
  });
  return [...calls, ...entries, ...scrapes];
}

/** Hosts without a dot, or with the namespace and `svc`, and their ports. */
function addressesOf(pod: PodOf, objects: readonly KubeObject[]): { host: string; port: number }[] {
  const maps = objects.filter(({ kind }) => kind === "ConfigMap");
  return pod.spec.containers.flatMap(({ env = [] }) =>
    env.flatMap(({ value, valueFrom }) => {
      const reference = valueFrom?.configMapKeyRef;
      const map = maps.find(({ metadata }) => metadata.name === reference?.name);
      const text = value ?? map?.data?.[reference?.key ?? ""] ?? "";
      const [, host, port] = /:\/\/([\w-]+)(?:\.[\w-]+\.svc[\w.]*)?:(\d+)/.exec(text) ?? [];
      return host === undefined ? [] : [{ host, port: Number(port) }];
    }),
  );
}

/** The flows from one end to the pods of the Services that fit. */
function flowsTo(objects: readonly KubeObject[], from: End, { fits, port: asked }: Wanted): Flow[] {
  const services = objects.filter((each) => each.kind === "Service" && fits(each));
  return services.flatMap((service) => {
    const { selector, ports } = service.spec as {
      selector: Labels;
      ports: { name: string; port: number; targetPort: string | number }[];
    };
    const entry = ports.find(({ name, port }) => [undefined, name, port].includes(asked));
    if (entry === undefined) throw new Error(`${nameOf(service)} has no port ${asked}`);
    const pods = podsOf(objects).filter((each) => each.isLasting && selects(selector, each.labels));
    return pods.flatMap((pod) =>
      pod.spec.containers.flatMap(({ ports: own = [] }) =>
        own
          .filter(({ name, containerPort }) => [name, containerPort].includes(entry.targetPort))
          .map(({ name = "", containerPort }) => ({
            from,
            to: endOf(pod),
            port: { number: containerPort, name },
          })),
      ),
    );
  });
}

function endOf({ owner, labels }: PodOf): End {
  return { name: owner.metadata.name, labels };
}

function isOpen(policies: readonly KubeObject[], flow: Flow, way: "ingress" | "egress"): boolean {
  const [own, other] = way === "ingress" ? [flow.to, flow.from] : [flow.from, flow.to];
  // No policy of a release is about another namespace.
  if (own.namespace !== undefined) return true;
  const about = policies.filter(({ spec }) => fitsLabels(spec.podSelector as Selector, own.labels));
  const rules = about.flatMap(({ spec }) => (spec[way] as Rule[] | undefined) ?? []);
  const isPort = ({ ports }: Rule) =>
    ports?.some(({ protocol, port }) => {
      const isNamed = port === flow.port.name || port === flow.port.number;
      return protocol === "TCP" && isNamed;
    }) ?? true;
  const isPeer = ({ from, to }: Rule) => (from ?? to)?.some((peer) => isEnd(peer, other)) ?? true;
  return about.length === 0 || rules.some((rule) => isPort(rule) && isPeer(rule));
}

function isEnd({ podSelector, namespaceSelector }: Peer, { labels, namespace }: End): boolean {
  const isThere =
    namespaceSelector === undefined
      ? namespace === undefined
      : fitsLabels(namespaceSelector, namespace ?? home);
  return isThere && (podSelector === undefined || fitsLabels(podSelector, labels));
}

function fitsLabels({ matchLabels = {}, matchExpressions = [] }: Selector, labels: Labels) {
  return (
    selects(matchLabels, labels) &&
    matchExpressions.every(({ key, values }) => values.includes(labels[key] ?? ""))
  );
}
