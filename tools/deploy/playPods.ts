/** Rendered charts as pods of this machine: `podman kube play` on its own network, by the user that OpenShift would choose. */

import {
  type ContainerSpec,
  type KubeObject,
  type Labels,
  type PodOf,
  type PodSpec,
  podsOf,
  selects,
} from "./objects.ts";
import { podman } from "./podman.ts";

/** A user of a namespace's range, which no image knows. */
const user = 1_000_680_000;
/** How long a pod may take to end after SIGTERM, in seconds, as the charts say. */
const graceSeconds = 45;
/** How long starting or ending all of them may take, in milliseconds. */
const playLimitMs = 180_000;

type PlayedPod = Omit<KubeObject, "spec"> & { spec: PodSpec & Record<string, unknown> };

/** What the pods left: by container the exit code, and the paths that they changed outside of their volumes. */
type Endings = Record<string, { code: number; changes: string[] }>;

/** Pods that run. */
export interface Played {
  /** Tells all of them to end, waits for that, and takes them away. */
  stop(): Promise<Endings>;
}

/** A network on which each pod has the name of its Service, and is reached from here at a port on loopback. */
export interface PlayNetwork {
  name: string;
  /** The port on loopback of each Service. */
  ports: Readonly<Record<string, number>>;
}

/**
 * Starts the pods of rendered objects, with their ConfigMaps, Secrets and volumes: on this machine's own network, or on
 * one that is there.
 */
export async function playPods(
  objects: readonly KubeObject[],
  network?: PlayNetwork,
): Promise<Played> {
  const maps = objects.filter(({ kind }) => kind === "ConfigMap");
  const secrets = objects.filter(({ kind }) => kind === "Secret");
  const volumes = objects.filter(({ kind }) => kind === "PersistentVolumeClaim");
  const pods = podsOf(objects)
    .filter(({ isLasting }) => isLasting)
    .map((pod) =>
      network ? onNetwork(podOf(pod, serviceOf(pod, objects)), network) : onThisNetwork(podOf(pod)),
    );
  const input = [...maps, ...pods].map((each) => JSON.stringify(each)).join("\n---\n");
  const names = pods.map(({ metadata }) => metadata.name);
  const takeAway = async () => {
    // Not `kube play --down`, which stops at the first that was never made.
    await podman(["pod", "rm", "--force", "--ignore", ...names], { limitMs: playLimitMs });
    const made = pods.flatMap(({ spec }) =>
      (spec.volumes as { name: string }[]).map(({ name }) => name),
    );
    for (const name of [...made, ...volumes.map(({ metadata }) => metadata.name)]) {
      await podman(["volume", "rm", "--force", name], { codes: [0, 1] });
    }
    for (const { metadata } of secrets)
      await podman(["secret", "rm", metadata.name], { codes: [0, 125] });
  };
  try {
    for (const { metadata } of volumes) {
      // Without a cluster nobody applies fsGroup: the volume is made the user's own.
      await podman(["volume", "create", "--opt", `o=uid=${user},gid=0`, metadata.name]);
    }
    for (const { metadata, data } of secrets) {
      // podman 4.3 reads a pod's Secret in a form that differs from what it makes of the kind itself.
      const env = { PLAYED_SECRET: JSON.stringify(data) };
      await podman(["secret", "create", "--env", metadata.name, "PLAYED_SECRET"], { env });
    }
    const place = network === undefined ? [] : ["--network", network.name];
    await podman(["kube", "play", ...place, "-"], { input, limitMs: playLimitMs });
  } catch (error) {
    await takeAway();
    throw error;
  }
  return {
    async stop() {
      await runHooks(pods);
      const stop = ["pod", "stop", "--time", String(graceSeconds), ...names];
      await podman(stop, { limitMs: playLimitMs });
      const endings = await readEndings(names);
      await takeAway();
      return endings;
    },
  };
}

/** How a command ends in a container that has failed it, or is not there any more. */
const hookCodes = [0, 1, 125, 126, 127, 137, 255];

/** What a kubelet runs in a container before it tells it to end, whatever comes of it; podman knows no such thing. */
async function runHooks(pods: readonly PlayedPod[]): Promise<void> {
  for (const { metadata, spec } of pods) {
    for (const { name, lifecycle } of spec.containers) {
      const command = lifecycle?.preStop?.exec?.command;
      if (!command) continue;
      await podman(["exec", `${metadata.name}-${name}`, ...command], { codes: hookCodes });
    }
  }
}

/** The name of the Service that leads to a pod. */
function serviceOf({ owner, labels }: PodOf, objects: readonly KubeObject[]): string {
  const service = objects.find(
    ({ kind, spec }) => kind === "Service" && selects(spec.selector as Labels, labels),
  );
  return service?.metadata.name ?? owner.metadata.name;
}

function podOf({ owner, labels, spec }: PodOf, name = `${owner.metadata.name}-pod`): PlayedPod {
  const {
    topologySpreadConstraints: _,
    affinity: __,
    ...kept
  } = spec as PodOf["spec"] & {
    topologySpreadConstraints?: unknown;
    affinity?: unknown;
  };
  // podman 4.3 makes one volume of all empty ones of a name, whatever their pods.
  const own = (volume: string) => `${name}-${volume}`;
  const mounted = (container: ContainerSpec) => ({
    ...container,
    volumeMounts: (container.volumeMounts ?? []).map((each) => ({ ...each, name: own(each.name) })),
  });
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      labels,
      // podman 4.3 otherwise removes one that has just ended while it still counts as running.
      annotations: { "io.podman.annotations.init.container.type": "always" },
    },
    spec: {
      ...kept,
      // What ends by itself is not started again, so that it is seen.
      restartPolicy: "Never",
      securityContext: { ...spec.securityContext, runAsUser: user },
      volumes: (spec.volumes ?? []).map((each) => ({ ...each, name: own(each.name) })),
      containers: spec.containers.map(withoutProbes).map(mounted),
      ...(spec.initContainers && { initContainers: spec.initContainers.map(mounted) }),
    },
  };
}

/** Probes are the test's own; podman would need a shell in the image for them. */
function withoutProbes(container: ContainerSpec): ContainerSpec {
  const { startupProbe, livenessProbe, readinessProbe, ...kept } = container;
  return kept;
}

/** Loopback alone: these pods are on the network of whoever runs this, where ports are not mapped. */
function onThisNetwork({ spec, ...pod }: PlayedPod): PlayedPod {
  const containers = spec.containers.map(({ ports: _, ...kept }) => ({
    ...kept,
    env: (kept.env ?? []).map((each) =>
      each.name === "HOST" ? { name: "HOST", value: "127.0.0.1" } : each,
    ),
  }));
  return { ...pod, spec: { ...spec, hostNetwork: true, containers } };
}

function onNetwork({ spec, ...pod }: PlayedPod, { ports }: PlayNetwork): PlayedPod {
  const hostPort = ports[pod.metadata.name];
  const containers = spec.containers.map((container) => ({
    ...container,
    ports: hostPort
      ? (container.ports ?? []).map((port) => ({ ...port, hostPort, hostIP: "127.0.0.1" }))
      : [],
  }));
  return { ...pod, spec: { ...spec, containers } };
}

async function readEndings(pods: readonly string[]): Promise<Endings> {
  const { out } = await podman(["ps", "--all", "--pod", "--format", "json"]);
  // As podman prints it.
  const all = JSON.parse(out) as {
    Names: string[];
    PodName: string;
    IsInfra: boolean;
    ExitCode: number;
  }[];
  const endings: Endings = {};
  for (const { Names, PodName, IsInfra, ExitCode } of all) {
    const [name = ""] = Names;
    if (IsInfra || !pods.includes(PodName)) continue;
    const { out: diff } = await podman(["diff", name]);
    // podman itself makes /etc/hosts and /etc/resolv.conf, and the folders that it mounts into.
    const changes = diff.split("\n").filter((line) => line !== "" && line !== "C /etc");
    endings[name] = { code: ExitCode, changes };
  }
  return endings;
}
