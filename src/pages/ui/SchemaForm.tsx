import { type FormEvent, useId, useState } from "react";
import { Said } from "./Said.tsx";
import { type Draft, draftOf, type Field, fieldsOf, type Misfit, readDraft } from "./schema.ts";
import { useCommonWords } from "./words.ts";

export interface SchemaFormProps {
  schema: unknown;
  submit: string;
  isBusy: boolean;
  onSubmit(values: Record<string, unknown>): void;
}

/** A form made from a tool's JSON Schema: a control for each simple member, JSON for the others. */
export function SchemaForm({ schema, submit, isBusy, onSubmit }: SchemaFormProps) {
  const { words } = useCommonWords();
  const fields = fieldsOf(schema);
  const [draft, setDraft] = useState<Draft>(() => draftOf(fields));
  const [problem, setProblem] = useState<Misfit>();
  const send = (event: FormEvent) => {
    event.preventDefault();
    const read = readDraft(fields, draft);
    setProblem(read.problem);
    if (read.values !== undefined) onSubmit(read.values);
  };
  return (
    <form className="stack" onSubmit={send} noValidate>
      {fields.map((field) => (
        <Control
          key={field.name}
          field={field}
          value={draft[field.name] ?? ""}
          onChange={(value) => setDraft({ ...draft, [field.name]: value })}
        />
      ))}
      {problem !== undefined && (
        <div className="notice bad" role="alert">
          <Said text={words[problem.kind](problem.field)} limit={500} />
        </div>
      )}
      <div className="row">
        <button type="submit" className="main" disabled={isBusy}>
          {isBusy && <span className="spinner" aria-hidden="true" />}
          {submit}
        </button>
      </div>
    </form>
  );
}

interface ControlProps {
  field: Field;
  value: string;
  onChange(value: string): void;
}

function Control({ field, value, onChange }: ControlProps) {
  const { words } = useCommonWords();
  const id = useId();
  return (
    <div className="stack" style={{ gap: "0.125rem" }}>
      <label className="field" htmlFor={id}>
        <span>
          <Said text={field.name} />
          {field.isRequired && <span className="quiet"> ({words.required})</span>}
        </span>
        <Input field={field} value={value} id={id} onChange={onChange} />
      </label>
      <span id={`${id}-hint`} className="quiet small">
        <Said text={field.description} limit={500} />
      </span>
    </div>
  );
}

function Input({ field, value, id, onChange }: ControlProps & { id: string }) {
  const common = {
    value,
    required: field.isRequired,
    id,
    "aria-describedby": `${id}-hint`,
    onChange: (event: { target: { value: string } }) => onChange(event.target.value),
  };
  if (field.options !== undefined) {
    return (
      <select {...common}>
        <option value="" />
        {field.options.map((option) => (
          <option key={option} value={option}>
            {option}
          </option>
        ))}
      </select>
    );
  }
  if (field.kind === "json") return <textarea {...common} spellCheck={false} placeholder="JSON" />;
  if (field.kind === "number") return <input {...common} inputMode="decimal" />;
  return <input {...common} autoComplete="off" />;
}
