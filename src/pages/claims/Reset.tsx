import { type FormEvent, useRef, useState } from "react";
import { call } from "../ui/api.ts";
import { Notice, Problem } from "../ui/Notice.tsx";
import { useTask } from "../ui/task.ts";
import { api } from "./service.ts";
import { useWords } from "./words.ts";

/** What has to be typed, the same in every language. */
const confirmation = "RESET";

/** The way back to the sample data, behind a word that has to be typed. */
export function Reset({ token, onReset }: { token: string; onReset(): void }) {
  const { words } = useWords();
  const dialog = useRef<HTMLDialogElement>(null);
  const [typed, setTyped] = useState("");
  const [isDone, setDone] = useState(false);
  const task = useTask(async () => {
    await call(`${api}/admin/reset-database`, { method: "POST", token });
    dialog.current?.close();
    setDone(true);
    onReset();
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (typed === confirmation) task.run();
  };
  return (
    <section className="card" aria-label={words.admin.reset}>
      <h2>{words.admin.reset}</h2>
      {isDone && <Notice tone="good">{words.admin.wasReset}</Notice>}
      <div className="row">
        <button type="button" className="bad" onClick={() => dialog.current?.showModal()}>
          {words.admin.reset}…
        </button>
      </div>
      <dialog ref={dialog} aria-label={words.admin.reset} onClose={() => setTyped("")}>
        <form className="stack" onSubmit={submit}>
          <p>{words.admin.resetWarning}</p>
          <label className="field">
            <span>{words.admin.confirm}</span>
            <input
              value={typed}
              autoComplete="off"
              onChange={(event) => setTyped(event.target.value)}
            />
          </label>
          <Problem error={task.error} />
          <div className="row">
            <button
              type="submit"
              className="bad"
              disabled={typed !== confirmation || task.isRunning}
            >
              {task.isRunning && <span className="spinner" aria-hidden="true" />}
              {words.admin.reset}
            </button>
            <button type="button" onClick={() => dialog.current?.close()}>
              {words.admin.cancel}
            </button>
          </div>
        </form>
      </dialog>
    </section>
  );
}
