/** The parts of rendered objects that tests change. */
import {
  type ContainerSpec,
  type KubeObject,
  type PodSpec,
  podsOf,
} from "../../tools/deploy/objects.ts";

/** The first object of a kind. */
export function find(objects: readonly KubeObject[], kind: string): KubeObject {
  const found = objects.find((each) => each.kind === kind);
  if (found === undefined) throw new Error(`no ${kind} was rendered`);
  return found;
}

/** The pod of the first Deployment. */
export function podOf(objects: readonly KubeObject[]): PodSpec {
  return (find(objects, "Deployment").spec.template as { spec: PodSpec }).spec;
}

/** The first container of the first Deployment. */
export function containerOf(objects: readonly KubeObject[]): ContainerSpec {
  const [container] = podOf(objects).containers;
  if (container === undefined) throw new Error("a pod has no container");
  return container;
}

/** The addresses that a kubelet would ask of all lasting pods, on this machine. */
export function probeUrlsOf(objects: readonly KubeObject[]): string[] {
  const containers = podsOf(objects).flatMap(({ spec, isLasting }) =>
    isLasting ? spec.containers : [],
  );
  return containers.flatMap(({ ports, startupProbe, livenessProbe, readinessProbe }) =>
    [startupProbe, livenessProbe, readinessProbe].flatMap((probe) => {
      const { path, port: asked } = probe?.httpGet ?? {};
      const port = ports?.find(({ name, containerPort }) => [name, containerPort].includes(asked));
      return path === undefined ? [] : [`http://127.0.0.1:${port?.containerPort}${path}`];
    }),
  );
}

/** What the pods of `helm test` run, with every Service at its port on this machine. */
export function testScriptsOf(objects: readonly KubeObject[]): string[] {
  const pods = podsOf(objects).filter(({ isLasting }) => !isLasting);
  return pods.flatMap(({ spec }) =>
    spec.containers.map(({ args = [] }) =>
      args.join("\n").replace(/"http:\/\/[\w-]+:/, '"http://127.0.0.1:'),
    ),
  );
}
