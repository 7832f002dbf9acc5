import { serverUrl } from "./register.ts";

export interface ClusterOptions {
  /** Berth's address inside the cluster. */
  berth: string;
  names: readonly string[];
  /** The image of Berth, with a tag or digest. */
  image: string;
}

/** The Secret with the token that callers have to send. */
const tokenSecret = "berth-token";

/** The entries of the Gen AI playground of OpenShift AI: one key a server, the value one JSON object. */
export function playgroundConfigMap({ berth, names }: ClusterOptions): string {
  const data = names.map((name) => {
    const value = {
      url: serverUrl(berth, name),
      // The default differs between versions, so it is always said.
      transport: "streamable-http",
      description: `MCP server "${name}" hosted by Berth`,
    };
    return `  ${JSON.stringify(name)}: |\n    ${JSON.stringify(value)}`;
  });
  return `apiVersion: v1
kind: ConfigMap
metadata:
  name: gen-ai-aa-mcp-servers
  namespace: redhat-ods-applications
data:
${data.join("\n")}`;
}

/** Berth as an object of the MCP Lifecycle Operator, one for each server's path. */
export function mcpServerResources({ names, image, berth }: ClusterOptions): string[] {
  const port = Number(new URL(berth).port || 8080);
  return names.map(
    (name) => `apiVersion: mcp.x-k8s.io/v1alpha1
kind: MCPServer
metadata:
  name: ${JSON.stringify(name)}
spec:
  source:
    type: ContainerImage
    containerImage:
      ref: ${JSON.stringify(image)}
  config:
    port: ${port}
    path: ${JSON.stringify(`/${name}/mcp`)}
    arguments: ["serve", "--host", "0.0.0.0", "--port", "${port}"]
    env:
      # Berth asks every caller for this token: kubectl create secret generic ${tokenSecret} --from-literal=token=...
      - name: BERTH_TOKEN
        valueFrom:
          secretKeyRef:
            name: ${tokenSecret}
            key: token
  mcp:
    stateless: true`,
  );
}
