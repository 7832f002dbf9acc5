import { useState } from "react";
import { call } from "../ui/api.ts";
import { Badge, Problem } from "../ui/Notice.tsx";
import { Quoted, Said } from "../ui/Said.tsx";
import { SchemaForm } from "../ui/SchemaForm.tsx";
import { useTask } from "../ui/task.ts";
import type { ChatTool } from "./service.ts";
import { useWords } from "./words.ts";

/** The tools as forms: what the model would call, called by hand. */
export function ToolForms({ tools }: { tools: readonly ChatTool[] }) {
  const { words } = useWords();
  return (
    <div className="stack">
      {tools.map((tool) => (
        <details key={tool.name} className="card">
          <summary>
            <code>
              <Said text={tool.name} />
            </code>{" "}
            <Badge tone={tool.isReadOnly ? "good" : "warn"}>
              {tool.isReadOnly ? words.reads : words.writes}
            </Badge>{" "}
            <span className="quiet small">
              <Said text={firstSentence(tool.description)} />
            </span>
          </summary>
          <ToolForm tool={tool} />
        </details>
      ))}
    </div>
  );
}

function firstSentence(text: string): string {
  return /^[^.\n]*/.exec(text)?.[0] ?? "";
}

function ToolForm({ tool }: { tool: ChatTool }) {
  const { words } = useWords();
  const [result, setResult] = useState<{ is_error: boolean; output: unknown }>();
  const [pending, setPending] = useState<Record<string, unknown>>();
  const task = useTask(async (values: Record<string, unknown>) => {
    setPending(undefined);
    // Whoever has pressed the button under the arguments has approved them.
    const body = { arguments: values, is_approved: !tool.isReadOnly };
    const path = `api/tools/${encodeURIComponent(tool.name)}`;
    setResult(await call(path, { method: "POST", body }));
  });
  const submit = (values: Record<string, unknown>) => {
    setResult(undefined);
    if (tool.isReadOnly) task.run(values);
    else setPending(values);
  };
  return (
    <div className="stack">
      <p>
        <Said text={tool.description} limit={2_000} />
      </p>
      <SchemaForm
        schema={tool.inputSchema}
        submit={words.call(tool.name)}
        isBusy={task.isRunning}
        onSubmit={submit}
      />
      {pending && (
        <section className="card" aria-label={words.approveTool(tool.name)}>
          <p>{words.changes}</p>
          <Quoted text={JSON.stringify(pending, null, 2)} label={words.sent} />
          <div className="row">
            <button type="button" className="main" onClick={() => task.run(pending)}>
              {words.approve}
            </button>
            <button type="button" className="bad" onClick={() => setPending(undefined)}>
              {words.deny}
            </button>
          </div>
        </section>
      )}
      <Problem error={task.error} />
      {result && (
        <div className="stack" role="status">
          <Badge tone={result.is_error ? "bad" : "good"}>
            {result.is_error ? words.refused : words.fine}
          </Badge>
          <Quoted text={JSON.stringify(result.output, null, 2)} label={words.resultOf(tool.name)} />
        </div>
      )}
    </div>
  );
}
