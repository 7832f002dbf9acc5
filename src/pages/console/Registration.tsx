import { useState } from "react";

/** The texts with which clients are told of the servers, to be copied. */
export function Registration({ names }: { names: readonly string[] }) {
  const base = new URL(".", location.href).href.replace(/\/$/, "");
  const responses = names.map((name) => ({
    type: "mcp",
    server_label: name,
    server_url: `${base}/${name}/text/mcp`,
    require_approval: "never",
  }));
  const hosts = Object.fromEntries(
    names.map((name) => [name, { type: "http", url: `${base}/${name}/mcp` }]),
  );
  const connectors = names.map(
    (name) => `  - connector_id: ${name}
    connector_type: mcp
    server_label: ${name}
    url: ${base}/${name}/text/mcp`,
  );
  const groups = names.map(
    (name) => `  - toolgroup_id: mcp::${name}
    provider_id: model-context-protocol
    mcp_endpoint:
      uri: ${base}/${name}/text/mcp`,
  );
  return (
    <>
      <h1>Registration</h1>
      <Text title="Responses API, every version" text={JSON.stringify(responses, null, 2)} />
      <Text
        title="Llama Stack from 0.5: connectors"
        text={`connectors:\n${connectors.join("\n")}`}
      />
      <Text
        title="Llama Stack up to 0.6: tool groups"
        text={`tool_groups:\n${groups.join("\n")}`}
      />
      <Text title="Desktop hosts" text={JSON.stringify({ mcpServers: hosts }, null, 2)} />
    </>
  );
}

function Text({ title, text }: { title: string; text: string }) {
  const [isCopied, setCopied] = useState(false);
  // The clipboard is there on secure origins only; elsewhere the text can be marked.
  const copy = () => navigator.clipboard?.writeText(text).then(() => setCopied(true));
  return (
    <section className="card" aria-label={title}>
      <div className="row ends">
        <h2>{title}</h2>
        <button type="button" aria-label={`Copy ${title}`} onClick={copy}>
          {isCopied ? "Copied" : "Copy"}
        </button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a block that scrolls must be reachable by keyboard. */}
      <section className="quoted" aria-label={`Text: ${title}`} tabIndex={0}>
        <pre>{text}</pre>
      </section>
    </section>
  );
}
