/** What every rendering of the charts keeps to beyond what an API server asks for; each policy returns what breaks it. */
import {
  type ContainerSpec,
  containersOf,
  type Labels,
  nameOf,
  type PodOf,
  podsOf,
  selects,
} from "./objects.ts";
import { findBlockedFlows } from "./policyFlows.ts";
import { type PolicyInput, unless } from "./policyInput.ts";
import { findLostServices, findLostWaysIn, findOpenPods } from "./policyNetwork.ts";

type Policy = (input: PolicyInput) => string[];

/** Volumes that restricted-v2 lets a pod have, as far as the charts use them. */
const volumeKinds = ["emptyDir", "configMap", "secret", "projected", "persistentVolumeClaim"];
const standardLabels = ["name", "instance", "part-of", "version", "managed-by"].map(
  (name) => `app.kubernetes.io/${name}`,
);

/** The policies, by what they ask for. */
export const policies: Readonly<Record<string, Policy>> = {
  "no user, group or SELinux option is chosen where the platform chooses": (input) =>
    input.isOpenshift ? eachPod(input, chosenIdentity) : [],
  "pods are not root and use the runtime's seccomp profile": (input) =>
    eachPod(input, ({ spec: { securityContext: context } }) => [
      ...unless(context?.runAsNonRoot === true, "runAsNonRoot is not true"),
      ...unless(context?.seccompProfile?.type === "RuntimeDefault", "no seccomp profile"),
    ]),
  "containers gain no privileges and write nothing but volumes": (input) =>
    eachContainer(input, ({ securityContext: context }) => [
      ...unless(context?.allowPrivilegeEscalation === false, "may escalate"),
      ...unless(context?.readOnlyRootFilesystem === true, "may write its root"),
      ...unless(context?.capabilities?.drop?.join() === "ALL", "keeps capabilities"),
    ]),
  "containers say what they need and may take": (input) =>
    eachContainer(input, ({ resources }) =>
      (["requests", "limits"] as const).flatMap((kind) =>
        unless(
          resources?.[kind]?.cpu !== undefined && resources[kind].memory !== undefined,
          `no ${kind}`,
        ),
      ),
    ),
  "lasting containers have all three probes": (input) =>
    podsOf(input.objects)
      .filter(({ isLasting }) => isLasting)
      .flatMap(({ owner, spec }) =>
        spec.containers.flatMap((container) =>
          (["startupProbe", "livenessProbe", "readinessProbe"] as const)
            .filter((probe) => container[probe] === undefined)
            .map((probe) => `${nameOf(owner)}: no ${probe}`),
        ),
      ),
  "images have a version, and not the latest": (input) =>
    eachContainer(input, ({ image }) =>
      unless(/(:(?!latest$)[\w.-]+|@sha256:[0-9a-f]{64})$/.test(image), `its image is ${image}`),
    ),
  "volumes are of the kinds that restricted-v2 allows": (input) =>
    eachPod(input, ({ spec }) =>
      (spec.volumes ?? []).flatMap(({ name: _, ...source }) =>
        Object.keys(source)
          .filter((kind) => !volumeKinds.includes(kind))
          .map((kind) => `a volume is ${kind}`),
      ),
    ),
  "no pod has a token of the cluster": (input) =>
    eachPod(input, ({ spec }) => unless(spec.automountServiceAccountToken === false, "it has")),
  "every reference to a Secret or ConfigMap leads somewhere": findDanglingReferences,
  "pods are replaced when their configuration changes": (input) =>
    podsOf(input.objects)
      .filter(({ spec, isLasting }) => isLasting && usesConfigMap(spec.containers))
      .flatMap(({ owner, annotations }) =>
        unless(annotations["checksum/config"] !== undefined, `${nameOf(owner)}: no checksum`),
      ),
  "objects carry the standard labels": ({ objects }) =>
    objects
      .filter(({ kind }) => kind !== "Pod")
      .flatMap((each) =>
        standardLabels
          .filter((label) => each.metadata.labels?.[label] === undefined)
          .map((label) => `${nameOf(each)}: no ${label}`),
      ),
  "every Service leads to the named port of one lasting pod": findLostServices,
  "every way in leads to a Service of this release, by exactly one kind": findLostWaysIn,
  "every lasting pod is under one NetworkPolicy, both ways, and can resolve names": findOpenPods,
  "what the pods are told to call, the router and the monitoring get through": findBlockedFlows,
  "a disruption budget leaves a pod to evict": findStuckBudgets,
  "an autoscaler's target is there and has no number of replicas of its own": findLostAutoscalers,
};

function chosenIdentity({ spec }: PodOf): string[] {
  const contexts = [
    spec.securityContext,
    ...containersOf(spec).map((each) => each.securityContext),
  ];
  return contexts.flatMap((context) =>
    ["runAsUser", "runAsGroup", "fsGroup", "seLinuxOptions"]
      .filter((key) => context !== undefined && key in context)
      .map((key) => `${key} is set`),
  );
}

function findDanglingReferences({ objects, foreign }: PolicyInput): string[] {
  const has = (kind: string, name = "", key = "") =>
    foreign.includes(name) ||
    // CloudNativePG makes it for its cluster.
    objects.some((each) => each.kind === "Cluster" && name === `${each.metadata.name}-app`) ||
    objects.some(
      (each) => each.kind === kind && each.metadata.name === name && key in (each.data ?? {}),
    );
  return podsOf(objects).flatMap(({ owner, spec }) =>
    containersOf(spec).flatMap(({ env = [] }) =>
      env.flatMap(({ name, valueFrom = {} }) => {
        const { secretKeyRef: secret, configMapKeyRef: map } = valueFrom;
        const isThere =
          (secret === undefined || has("Secret", secret.name, secret.key)) &&
          (map === undefined || has("ConfigMap", map.name, map.key));
        return unless(isThere, `${nameOf(owner)}: ${name} refers to nothing`);
      }),
    ),
  );
}

function findStuckBudgets({ objects }: PolicyInput): string[] {
  const autoscaled = (name: string) =>
    objects.find(
      ({ kind, spec }) =>
        kind === "HorizontalPodAutoscaler" &&
        (spec.scaleTargetRef as { name: string }).name === name,
    )?.spec.minReplicas as number | undefined;
  return objects
    .filter(({ kind }) => kind === "PodDisruptionBudget")
    .flatMap((budget) => {
      const { minAvailable, selector } = budget.spec as {
        minAvailable: number;
        selector: { matchLabels: Labels };
      };
      const pod = podsOf(objects).find(({ labels }) => selects(selector.matchLabels, labels));
      const name = pod?.owner.metadata.name ?? "";
      const replicas = (pod?.owner.spec.replicas as number | undefined) ?? autoscaled(name) ?? 0;
      return unless(minAvailable < replicas, `${nameOf(budget)}: ${minAvailable} of ${replicas}`);
    });
}

function findLostAutoscalers({ objects }: PolicyInput): string[] {
  return objects
    .filter(({ kind }) => kind === "HorizontalPodAutoscaler")
    .flatMap((scaler) => {
      const { name } = scaler.spec.scaleTargetRef as { name: string };
      const target = objects.find(
        (each) => each.kind === "Deployment" && each.metadata.name === name,
      );
      return unless(target !== undefined && target.spec.replicas === undefined, nameOf(scaler));
    });
}

function usesConfigMap(containers: readonly ContainerSpec[]): boolean {
  return containers.some(({ env = [] }) =>
    env.some(({ valueFrom }) => valueFrom?.configMapKeyRef !== undefined),
  );
}

function eachPod({ objects }: PolicyInput, find: (pod: PodOf) => string[]): string[] {
  return podsOf(objects).flatMap((pod) => find(pod).map((what) => `${nameOf(pod.owner)}: ${what}`));
}

function eachContainer(input: PolicyInput, find: (container: ContainerSpec) => string[]): string[] {
  return eachPod(input, ({ spec }) =>
    containersOf(spec).flatMap((container) =>
      find(container).map((what) => `${container.name} ${what}`),
    ),
  );
}
