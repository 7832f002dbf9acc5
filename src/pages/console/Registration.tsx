import { useRef, useState } from "react";
import { readToken } from "../ui/api.ts";
import { type Form, formsOf } from "./forms.ts";
import { useWords } from "./words.ts";

/** The texts with which clients are told of the servers, to be copied. */
export function Registration({ names }: { names: readonly string[] }) {
  const { words } = useWords();
  const base = new URL(".", location.href).href.replace(/\/$/, "");
  const isClosed = readToken() !== "";
  return (
    <>
      <h1>{words.registration}</h1>
      {isClosed && <p>{words.forms.token}</p>}
      {formsOf(base, names, isClosed).map((form) => (
        <Text key={form.kind} form={form} />
      ))}
    </>
  );
}

function Text({ form: { kind, text } }: { form: Form }) {
  const { forms } = useWords().words;
  const { title, hint } = forms[kind];
  const shown = useRef<HTMLPreElement>(null);
  const [said, setSaid] = useState<"copy" | "copied" | "marked">("copy");
  const copy = async () => {
    // The clipboard is there on secure origins only; elsewhere the text is marked, for the reader to copy.
    const isCopied = await navigator.clipboard?.writeText(text).then(
      () => true,
      () => false,
    );
    if (!isCopied && shown.current) getSelection()?.selectAllChildren(shown.current);
    setSaid(isCopied ? "copied" : "marked");
  };
  return (
    <section className="card" aria-label={title}>
      <div className="row ends">
        <h2>{title}</h2>
        <button type="button" aria-label={`${forms[said]}: ${title}`} onClick={copy}>
          {forms[said]}
        </button>
      </div>
      <p className="quiet">{hint}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a block that scrolls must be reachable by keyboard. */}
      <section className="quoted" aria-label={forms.text(title)} tabIndex={0}>
        <pre ref={shown}>{text}</pre>
      </section>
    </section>
  );
}
