import { useState } from "react";
import { useLoad } from "../ui/load.ts";
import { Badge, Problem } from "../ui/Notice.tsx";
import { Quoted, Said } from "../ui/Said.tsx";
import { SchemaForm } from "../ui/SchemaForm.tsx";
import { useTask } from "../ui/task.ts";
import { listTools, request, type Tool } from "./berth.ts";
import { useWords } from "./words.ts";

/** The tools of a server, each with a form to try it. */
export function Tools({ server }: { server: string }) {
  const { tools: say } = useWords().words;
  const { value, error, reload } = useLoad(server, () => listTools(server));
  return (
    <section className="card" aria-label={say.title}>
      <div className="row ends">
        <h2>{say.title}</h2>
        <button type="button" onClick={reload}>
          {say.again}
        </button>
      </div>
      <Problem error={error} />
      {value?.map((tool) => (
        <details key={tool.name}>
          <summary>
            <code>
              <Said text={tool.name} />
            </code>{" "}
            <Kind tool={tool} />
          </summary>
          <TryOut server={server} tool={tool} />
        </details>
      ))}
    </section>
  );
}

function Kind({ tool: { annotations } }: { tool: Tool }) {
  const { tools: say } = useWords().words;
  if (annotations?.readOnlyHint) return <Badge tone="good">{say.reads}</Badge>;
  if (annotations?.destructiveHint) return <Badge tone="bad">{say.destroys}</Badge>;
  return <Badge tone="warn">{say.writes}</Badge>;
}

interface ToolResult {
  isError?: boolean;
  structuredContent?: unknown;
  content?: { type: string; text?: string }[];
}

function TryOut({ server, tool }: { server: string; tool: Tool }) {
  const { tools: say } = useWords().words;
  const [result, setResult] = useState<{ text: string; isError: boolean; tookMs: number }>();
  const task = useTask(async (values: Record<string, unknown>) => {
    const began = performance.now();
    const params = { name: tool.name, arguments: values };
    const answer = await request<ToolResult>(server, "tools/call", params);
    const tookMs = performance.now() - began;
    setResult({ text: textOf(answer), isError: answer.isError === true, tookMs });
  });
  return (
    <div className="stack">
      <p>
        <Said text={tool.description ?? ""} limit={2_000} />
      </p>
      <SchemaForm
        schema={tool.inputSchema}
        submit={say.call(tool.name)}
        isBusy={task.isRunning}
        onSubmit={(values) => task.run(values)}
      />
      <Problem error={task.error} />
      {result && (
        <div className="stack" role="status">
          <Badge tone={result.isError ? "bad" : "good"}>
            {result.isError ? say.refused : say.fine}, {result.tookMs.toFixed(1)} ms
          </Badge>
          <Quoted text={result.text} label={say.resultOf(tool.name)} />
        </div>
      )}
    </div>
  );
}

function textOf({ structuredContent, content }: ToolResult): string {
  if (structuredContent !== undefined) return JSON.stringify(structuredContent, null, 2);
  return (content ?? []).map(({ type, text }) => text ?? `[${type}]`).join("\n");
}
