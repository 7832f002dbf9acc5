/** The parts of Kubernetes objects that the policies look at. */
import { YAML } from "bun";

export type Labels = Readonly<Record<string, string>>;

interface Reference {
  name?: string;
  key: string;
}

/** By HTTP or by a command. */
export interface Probe {
  httpGet?: { path?: string; port: string | number };
}

export interface ContainerSpec {
  name: string;
  image: string;
  ports?: { name?: string; containerPort: number }[];
  env?: {
    name: string;
    value?: string;
    valueFrom?: { secretKeyRef?: Reference; configMapKeyRef?: Reference };
  }[];
  resources?: Record<"requests" | "limits", { cpu?: unknown; memory?: unknown } | undefined>;
  args?: string[];
  volumeMounts?: { name: string; readOnly?: boolean }[];
  startupProbe?: Probe;
  livenessProbe?: Probe;
  readinessProbe?: Probe;
  lifecycle?: { preStop?: { exec?: { command: string[] }; sleep?: { seconds: number } } };
  securityContext?: {
    privileged?: boolean;
    runAsNonRoot?: boolean;
    allowPrivilegeEscalation?: boolean;
    readOnlyRootFilesystem?: boolean;
    capabilities?: { drop?: string[] };
    runAsUser?: number;
    seLinuxOptions?: object;
  };
}

export interface AffinityTerm {
  topologyKey: string;
  labelSelector: { matchLabels: Labels };
}

export interface PodSpec {
  terminationGracePeriodSeconds?: number;
  automountServiceAccountToken?: boolean;
  serviceAccount?: string;
  serviceAccountName?: string;
  hostIPC?: boolean;
  hostNetwork?: boolean;
  hostPID?: boolean;
  affinity?: {
    podAffinity?: { requiredDuringSchedulingIgnoredDuringExecution: AffinityTerm[] };
    podAntiAffinity?: Record<string, { podAffinityTerm: AffinityTerm }[]>;
  };
  securityContext?: {
    sysctls?: { name: string }[];
    runAsNonRoot?: boolean;
    runAsUser?: number;
    fsGroup?: number;
    seLinuxOptions?: object;
    seccompProfile?: { type: string };
  };
  containers: ContainerSpec[];
  initContainers?: ContainerSpec[];
  volumes?: ({ name: string } & Record<string, unknown>)[];
}

/** One object; which members it has depends on its kind. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Labels; annotations?: Labels };
  data?: Record<string, string>;
  // Of many kinds; the readers below take what their kind has.
  spec: Record<string, unknown>;
}

/** A pod, or the template of one. */
export interface PodOf {
  /** The object that it is part of. */
  owner: KubeObject;
  labels: Labels;
  annotations: Labels;
  spec: PodSpec;
  /** False for what `helm test` starts and ends. */
  isLasting: boolean;
}

/** Reads the objects of a YAML text with any number of documents. */
export function parseObjects(text: string): KubeObject[] {
  // The API server judges their form; here only known members are looked at.
  const documents = [YAML.parse(text)].flat() as (KubeObject | null)[];
  return documents.flatMap((each) => (each ? [{ ...each, spec: each.spec ?? {} }] : []));
}

/** Every pod that the objects bring about. */
export function podsOf(objects: readonly KubeObject[]): PodOf[] {
  return objects.flatMap((owner): PodOf[] => {
    if (owner.kind === "Pod") {
      const { labels = {}, annotations = {} } = owner.metadata;
      return [
        { owner, labels, annotations, spec: owner.spec as unknown as PodSpec, isLasting: false },
      ];
    }
    const template = owner.spec.template as
      | { metadata: { labels?: Labels; annotations?: Labels }; spec: PodSpec }
      | undefined;
    if (owner.kind !== "Deployment" || template === undefined) return [];
    const { labels = {}, annotations = {} } = template.metadata;
    return [{ owner, labels, annotations, spec: template.spec, isLasting: true }];
  });
}

/** The containers of a pod, those of its start first. */
export function containersOf(spec: PodSpec): ContainerSpec[] {
  return [...(spec.initContainers ?? []), ...spec.containers];
}

/** Whether labels carry all of a selector's. */
export function selects(selector: Labels, labels: Labels): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}

export function nameOf({ kind, metadata }: KubeObject): string {
  return `${kind}/${metadata.name}`;
}
