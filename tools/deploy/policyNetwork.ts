/** The policies about how pods are reached and what they reach. */
import { type KubeObject, type Labels, nameOf, podsOf, selects } from "./objects.ts";
import { type PolicyInput, unless } from "./policyInput.ts";

export function findLostServices({ objects }: PolicyInput): string[] {
  const pods = podsOf(objects);
  return objects.filter(isOwnService).flatMap((service) => {
    const { selector, ports } = service.spec as {
      selector: Labels;
      ports: { targetPort: string | number }[];
    };
    const found = pods.filter(({ labels }) => selects(selector, labels));
    const target = ports[0]?.targetPort;
    const isPort = found.some(({ spec }) =>
      spec.containers.some(({ ports: own = [] }) =>
        own.some(({ name, containerPort }) => name === target || containerPort === target),
      ),
    );
    return unless(
      found.length === 1 && found[0]?.isLasting === true && isPort,
      `${nameOf(service)}: ${found.length} pods`,
    );
  });
}

/** The Service in front of Llama Stack selects pods that its operator makes. */
function isOwnService({ kind, spec }: KubeObject): boolean {
  return kind === "Service" && "app.kubernetes.io/name" in (spec.selector as object);
}

export function findLostWaysIn({ objects }: PolicyInput): string[] {
  const ways = objects.filter(({ kind }) => ["Route", "Ingress", "HTTPRoute"].includes(kind));
  const services = objects.filter(({ kind }) => kind === "Service");
  const kinds = new Set(ways.map(({ kind }) => kind));
  const lost = ways.filter((way) => {
    const text = JSON.stringify(way.spec);
    return !services.some(({ metadata, spec }) => {
      const { ports } = spec as { ports: { name: string; port: number }[] };
      const hasPort = ports.some(
        ({ name, port }) => text.includes(`"${name}"`) || text.includes(`"port":${port}`),
      );
      return text.includes(`"name":"${metadata.name}"`) && hasPort;
    });
  });
  return [
    ...unless(kinds.size <= 1, `${[...kinds].join(" and ")} at once`),
    ...lost.map((way) => `${nameOf(way)}: no such Service or port`),
  ];
}

export function findOpenPods({ objects }: PolicyInput): string[] {
  const rules = objects.filter(({ kind }) => kind === "NetworkPolicy");
  if (rules.length === 0) return [];
  return podsOf(objects)
    .filter(({ isLasting }) => isLasting)
    .flatMap(({ owner, labels }) => {
      const own = rules.filter(({ spec }) => {
        const { podSelector } = spec as { podSelector: { matchLabels: Labels } };
        return selects(podSelector.matchLabels, labels);
      });
      const spec = own[0]?.spec as
        | { policyTypes?: string[]; egress: { ports?: { protocol: string; port: unknown }[] }[] }
        | undefined;
      const open =
        spec?.egress.flatMap(({ ports = [] }) =>
          ports.map((each) => `${each.protocol} ${each.port}`),
        ) ?? [];
      const wanted = ["UDP 53", "TCP 53", "UDP 5353", "TCP 5353"];
      const isGood =
        own.length === 1 &&
        spec?.policyTypes?.join() === "Ingress,Egress" &&
        wanted.every((each) => open.includes(each));
      return unless(
        isGood,
        `${nameOf(owner)}: ${own.length} policies, open are ${open.join(", ")}`,
      );
    });
}
