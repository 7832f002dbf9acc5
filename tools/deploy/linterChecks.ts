/**
 * What kube-linter checks when nobody configures it, under its own names for it: the program itself cannot be built here,
 * because its module is not to be had.
 */
import {
  type ContainerSpec,
  containersOf,
  type KubeObject,
  type Labels,
  nameOf,
  type PodOf,
  podsOf,
  selects,
} from "./objects.ts";

/** Names what breaks it. */
type Check = (objects: readonly KubeObject[]) => string[];

const sensitive = /^\/(boot|dev|etc|lib|proc|sys|usr)?$/;
/** A name of a port as IANA has it, or a number in range. */
const portName = /^(?=.{1,15}$)(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$/;

export const linterChecks: Readonly<Record<string, Check>> = {
  "dangling-service": eachOf("Service", (service, all) => {
    const selector = service.spec.selector as Labels;
    const isExcused = hasExcuse(service, "dangling-service");
    return isExcused || podsOf(all).some(({ labels }) => selects(selector, labels));
  }),
  "deprecated-service-account-field": eachPod(({ spec }) => spec.serviceAccount === undefined),
  "docker-sock": eachPod((pod) => !hostPathsOf(pod).some((path) => path.endsWith("docker.sock"))),
  "drop-net-raw-capability": eachContainer(({ securityContext: context }) =>
    ["ALL", "NET_RAW"].some((name) => context?.capabilities?.drop?.includes(name)),
  ),
  "duplicate-env-var": eachContainer(
    ({ env = [] }) => new Set(env.map(({ name }) => name)).size === env.length,
  ),
  "env-var-secret": eachContainer(
    ({ env = [] }) => !env.some(({ name, value }) => /secret/i.test(name) && value),
  ),
  "host-ipc": eachPod(({ spec }) => spec.hostIPC !== true),
  "host-network": eachPod(({ spec }) => spec.hostNetwork !== true),
  "host-pid": eachPod(({ spec }) => spec.hostPID !== true),
  "invalid-target-ports": eachOf("Service", ({ spec }) =>
    (spec.ports as { targetPort: string | number }[]).every(({ targetPort: port }) =>
      typeof port === "number" ? port > 0 && port < 65_536 : portName.test(port),
    ),
  ),
  "job-ttl-seconds-after-finished": eachOf(
    "Job",
    ({ spec }) => spec.ttlSecondsAfterFinished !== undefined,
  ),
  "latest-tag": eachContainer(({ image }) => /[:@][^/]+$/.test(image) && !/:latest$/.test(image)),
  "liveness-port": probesKnownPort("livenessProbe"),
  "mismatching-selector": eachOf("Deployment", (deployment) => {
    const [pod] = podsOf([deployment]);
    const { matchLabels } = deployment.spec.selector as { matchLabels: Labels };
    return selects(matchLabels, pod?.labels ?? {});
  }),
  "no-anti-affinity": eachPod(
    ({ owner, spec, labels }) =>
      Number(owner.spec.replicas ?? 1) < 2 ||
      Object.values(spec.affinity?.podAntiAffinity ?? {})
        .flat()
        .some(
          ({ podAffinityTerm: { topologyKey, labelSelector } }) =>
            topologyKey === "kubernetes.io/hostname" && selects(labelSelector.matchLabels, labels),
        ),
  ),
  "no-extensions-v1beta": (objects) =>
    objects.filter((each) => each.apiVersion.startsWith("extensions/v1beta")).map(nameOf),
  "no-read-only-root-fs": eachContainer(
    ({ securityContext: context }) => context?.readOnlyRootFilesystem === true,
  ),
  "non-existent-service-account": eachPod(({ spec }, all) => {
    const { serviceAccountName: name = "default" } = spec;
    const isMade = ({ kind, metadata }: KubeObject) =>
      kind === "ServiceAccount" && metadata.name === name;
    return name === "default" || all.some(isMade);
  }),
  "pdb-max-unavailable": eachOf(
    "PodDisruptionBudget",
    ({ spec }) => !/^0%?$/.test(String(spec.maxUnavailable ?? 1)),
  ),
  "pdb-min-available": eachOf("PodDisruptionBudget", ({ spec }, all) => {
    const { matchLabels } = spec.selector as { matchLabels: Labels };
    const pods = podsOf(all).filter(({ labels }) => selects(matchLabels, labels));
    // Where an autoscaler has the number, the policies compare with its least.
    const replicas = pods.map(({ owner }) => Number(owner.spec.replicas ?? Number.MAX_VALUE));
    return replicas.every((count) => Number(spec.minAvailable ?? 0) < count);
  }),
  "pdb-unhealthy-pod-eviction-policy": eachOf(
    "PodDisruptionBudget",
    ({ spec }) => spec.unhealthyPodEvictionPolicy !== undefined,
  ),
  "privilege-escalation-container": eachContainer(
    ({ securityContext: context }) => context?.allowPrivilegeEscalation === false,
  ),
  "privileged-container": eachContainer(
    ({ securityContext: context }) => context?.privileged !== true,
  ),
  "readiness-port": probesKnownPort("readinessProbe"),
  "run-as-non-root": eachContainer(
    ({ securityContext: own }, { spec: { securityContext: pod } }) => {
      const user = own?.runAsUser ?? pod?.runAsUser;
      return (own?.runAsNonRoot ?? pod?.runAsNonRoot) === true && user !== 0;
    },
  ),
  "sensitive-host-mounts": eachPod((pod) => !hostPathsOf(pod).some((path) => sensitive.test(path))),
  "ssh-port": eachContainer(
    ({ ports = [] }) => !ports.some(({ containerPort }) => containerPort === 22),
  ),
  "startup-port": probesKnownPort("startupProbe"),
  "unsafe-sysctls": eachPod(({ spec }) => spec.securityContext?.sysctls === undefined),
  "unset-cpu-requirements": eachContainer(
    ({ resources }) =>
      resources?.requests?.cpu !== undefined && resources.limits?.cpu !== undefined,
  ),
  "unset-memory-requirements": eachContainer(
    ({ resources }) =>
      resources?.requests?.memory !== undefined && resources.limits?.memory !== undefined,
  ),
};

function eachOf(
  kind: string,
  holds: (object: KubeObject, all: readonly KubeObject[]) => boolean,
): Check {
  return (objects) =>
    objects.filter((each) => each.kind === kind && !holds(each, objects)).map(nameOf);
}

function eachPod(holds: (pod: PodOf, all: readonly KubeObject[]) => boolean): Check {
  return (objects) =>
    podsOf(objects)
      .filter((pod) => !holds(pod, objects))
      .map(({ owner }) => nameOf(owner));
}

function eachContainer(holds: (container: ContainerSpec, pod: PodOf) => boolean): Check {
  return eachPod((pod) => containersOf(pod.spec).every((container) => holds(container, pod)));
}

function probesKnownPort(probe: "livenessProbe" | "readinessProbe" | "startupProbe"): Check {
  return eachContainer(({ ports = [], [probe]: asked }) => {
    const port = asked?.httpGet?.port;
    return (
      port === undefined ||
      ports.some(({ name, containerPort }) => port === name || port === containerPort)
    );
  });
}

function hostPathsOf({ spec }: PodOf): string[] {
  return (spec.volumes ?? []).flatMap(({ hostPath }) =>
    hostPath === undefined ? [] : [(hostPath as { path: string }).path],
  );
}

/** kube-linter's own way to say why a check does not fit an object. */
function hasExcuse({ metadata }: KubeObject, check: string): boolean {
  return metadata.annotations?.[`ignore-check.kube-linter.io/${check}`] !== undefined;
}
