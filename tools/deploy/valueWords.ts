/** What values mean that every component has, by the end of their path; the longest end that fits counts. */
const words: Readonly<Record<string, string>> = {
  name: "The name of its objects.",
  enabled: "False leaves it out.",
  replicas: "How many pods; autoscaling takes its place.",
  "image.repository": "The image without tag or digest.",
  "image.tag": "Its tag; empty is the chart's appVersion.",
  "image.digest": "Its digest, `sha256:…`, which counts more than the tag.",
  "image.pullPolicy": "When the node pulls it: Always, IfNotPresent or Never.",
  "service.name": "The name of its Service.",
  "service.port": "The port of its Service.",
  "service.targetPort": "The port that its program listens on.",
  "route.enabled": "Whether there is a way in from outside, of the kind of `exposure.kind`.",
  "route.name": "The name of that object.",
  "route.host": "Its host name; a Route without one gets the cluster's.",
  "tls.termination": "Where TLS ends: edge, at the router.",
  "tls.insecureEdgeTerminationPolicy": "What plain HTTP gets: Redirect, None or Allow.",
  "tls.existingSecret": "A Secret with a certificate, for an Ingress.",
  "livenessProbe.path": "What is asked to see that the program lives.",
  "readinessProbe.path": "What is asked to see that it can take calls.",
  initialDelaySeconds: "How long after the start of the container it is first asked.",
  periodSeconds: "How often it is asked.",
  timeoutSeconds: "How long an answer may take.",
  failureThreshold: "After how many failures in a row it counts.",
  "requests.cpu": "What is set aside for it on the node.",
  "requests.memory": "What is set aside for it on the node.",
  "limits.cpu": "What it may take.",
  "limits.memory": "What it may take; above it the container is ended.",
  "autoscaling.enabled": "A HorizontalPodAutoscaler in place of `replicas`.",
  minReplicas: "The fewest pods.",
  maxReplicas: "The most pods.",
  targetCPUUtilizationPercentage: "The share of the requested CPU above which pods are added.",
  "networkPolicy.enabled": "Denies everything but the calls that the components make.",
  "networkPolicy.egress": "Further egress rules, as NetworkPolicy has them.",
  "persistence.size": "The size of its volume.",
  "persistence.storageClass": "The volume's class; empty is the cluster's default.",
  "documents.size": "The size of the volume of documents.",
  "documents.storageClass": "That volume's class; empty is the cluster's default.",
  "env.user": "The user that the service logs in as.",
  "env.database": "The name of the database.",
  "env.inferenceModel": "The model, as the Llama Stack names it.",
  "env.customerMcpServerUrl": "Where the Llama Stack finds the customer MCP server.",
  "env.financeMcpServerUrl": "Where the Llama Stack finds the finance MCP server.",
  "env.llamaStackBaseUrl": "Where the Llama Stack is.",
  "env.customerApiBaseUrl": "Where the customer service is.",
  "env.financeApiBaseUrl": "Where the finance service is.",
  "env.ragServerUrl": "Where the retrieval server is; empty is the chart's own.",
  "env.decisionServerUrl": "Where the decision server is; empty is the chart's own.",
  "rhoai.namespace": "The namespace of OpenShift AI's applications, where the playground looks.",
  "llamaStack.name": "The name of the Llama Stack's object.",
  "llamaStack.model": "The model, as vLLM names it.",
  "llamaStack.vllmUrl": "Where vLLM answers, with `/v1`.",
  "llamaStack.vllmMaxTokens": "The most tokens of an answer.",
  "llamaStack.embeddingModel": "The model of the stack's embeddings.",
  "llamaStack.embeddingDimension": "How many numbers its vectors have.",
  "llamaStack.distribution": "The distribution that the operator runs.",
  "llamaStack.storage": "The size of the stack's volume.",
  "llamaStack.apiKeyKey": "The key of the API key in its Secret.",
};

/** What a value means; undefined for one that only its own comment can explain. */
export function wordsFor(path: string): string | undefined {
  const parts = path.split(".");
  for (let from = 0; from < parts.length; from++) {
    const found = words[parts.slice(from).join(".")];
    if (found !== undefined) return found;
  }
  return undefined;
}
