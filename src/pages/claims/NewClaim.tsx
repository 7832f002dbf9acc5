import { type FormEvent, useState } from "react";
import { call } from "../ui/api.ts";
import { Notice, Problem } from "../ui/Notice.tsx";
import { goTo, linkTo } from "../ui/route.ts";
import { SignIn } from "../ui/SignIn.tsx";
import { useTask } from "../ui/task.ts";
import { api, type Claim, claimPath } from "./service.ts";
import { uploadDocument } from "./upload.ts";
import { useWords } from "./words.ts";

const documentTypes = ".pdf,.jpg,.jpeg,.png,.tif,.tiff,.bmp,.webp";
/** The longest key and number that the service takes, in UTF-16 units. */
const keyLimit = 64;

/** Files a claim: stores its document, then the claim, then starts its run if that is wanted. */
export function NewClaim() {
  const { words } = useWords();
  const [file, setFile] = useState<File>();
  const [sent, setSent] = useState<FormData>();
  const task = useTask(async (form: FormData) => {
    if (file === undefined) return;
    const documentPath = await uploadDocument(file);
    const claim = await call<Claim>(`${api}/claims`, {
      method: "POST",
      body: {
        user_id: form.get("user_id"),
        claim_number: form.get("claim_number"),
        claim_type: form.get("claim_type"),
        document_path: documentPath,
      },
    });
    if (form.get("process") === "on") {
      await call(claimPath(claim.id, "/process"), { method: "POST", body: {} });
    }
    goTo(linkTo(`/claims/${claim.id}`));
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setSent(form);
    task.run(form);
  };
  return (
    <>
      <h1>{words.newClaim}</h1>
      {task.error?.status === 401 && (
        // Beside the form and not in its place: what was filled in stays, and is sent again.
        <SignIn ask={words.signIn} onDone={() => sent && task.run(sent)} />
      )}
      <form className="card" onSubmit={submit}>
        <TextField name="user_id" label={words.create.claimant} hint={words.create.claimantHint} />
        <TextField name="claim_number" label={words.create.number} />
        <label className="field">
          <span>{words.create.type}</span>
          <select name="claim_type">
            {Object.entries(words.types).map(([value, text]) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </select>
        </label>
        <label className="field">
          <span>{words.create.document}</span>
          <input
            type="file"
            required
            accept={documentTypes}
            onChange={(event) => setFile(event.target.files?.[0])}
          />
        </label>
        <label className="row">
          <input type="checkbox" name="process" defaultChecked />
          {words.create.process}
        </label>
        <Problem error={task.error} />
        {task.isRunning && <Notice tone="info">{words.create.uploading}</Notice>}
        <div className="row">
          <button type="submit" className="main" disabled={task.isRunning}>
            {words.create.submit}
          </button>
        </div>
      </form>
    </>
  );
}

function TextField({ name, label, hint }: { name: string; label: string; hint?: string }) {
  return (
    <label className="field">
      <span>{label}</span>
      <input name={name} required maxLength={keyLimit} placeholder={hint} autoComplete="off" />
    </label>
  );
}
