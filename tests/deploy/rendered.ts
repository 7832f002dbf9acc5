/** The parts of rendered objects that tests change. */
import type { ContainerSpec, KubeObject, PodSpec } from "../../tools/deploy/objects.ts";

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
