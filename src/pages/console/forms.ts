/** One text that registers all servers with one kind of client. */
export interface Form {
  kind: "responses" | "connectors" | "toolGroups" | "desktop";
  text: string;
}

/** The shell's form of a token; the token itself is never written out. */
const token = `\${BERTH_TOKEN}`;

/** The texts for servers at `base`; with a place for the token when Berth is closed to strangers. */
export function formsOf(base: string, names: readonly string[], isClosed: boolean): Form[] {
  return [
    responses(base, names, isClosed),
    connectors(base, names),
    toolGroups(base, names),
    desktop(base, names, isClosed),
  ];
}

function responses(base: string, names: readonly string[], isClosed: boolean): Form {
  const tools = names.map((name) => ({
    type: "mcp",
    server_label: name,
    server_url: textUrl(base, name),
    require_approval: "never",
    ...(isClosed && { authorization: token }),
  }));
  return {
    kind: "responses",
    text: JSON.stringify(tools, null, 2),
  };
}

/** Quoted, because YAML reads some names as something else: true, null, 1e3. */
function connectors(base: string, names: readonly string[]): Form {
  const entries = names.map(
    (name) => `  - connector_id: ${JSON.stringify(name)}
    connector_type: mcp
    server_label: ${JSON.stringify(name)}
    url: ${JSON.stringify(textUrl(base, name))}`,
  );
  return {
    kind: "connectors",
    text: `connectors:\n${entries.join("\n")}`,
  };
}

function toolGroups(base: string, names: readonly string[]): Form {
  const entries = names.map(
    (name) => `  - toolgroup_id: ${JSON.stringify(`mcp::${name}`)}
    provider_id: model-context-protocol
    mcp_endpoint:
      uri: ${JSON.stringify(textUrl(base, name))}`,
  );
  return {
    kind: "toolGroups",
    text: `tool_groups:\n${entries.join("\n")}`,
  };
}

function desktop(base: string, names: readonly string[], isClosed: boolean): Form {
  const headers = { Authorization: `Bearer ${token}` };
  const servers = Object.fromEntries(
    names.map((name) => [
      name,
      { type: "http", url: `${base}/${name}/mcp`, ...(isClosed && { headers }) },
    ]),
  );
  return {
    kind: "desktop",
    text: JSON.stringify({ mcpServers: servers }, null, 2),
  };
}

/** Where a Llama Stack finds a server: below `/text`, because it fails on anything but text. */
function textUrl(base: string, name: string): string {
  return `${base}/${name}/text/mcp`;
}
