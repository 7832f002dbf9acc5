import { useRef, useState } from "react";
import { readToken } from "../ui/api.ts";
import { type Form, formsOf } from "./forms.ts";

/** The texts with which clients are told of the servers, to be copied. */
export function Registration({ names }: { names: readonly string[] }) {
  const base = new URL(".", location.href).href.replace(/\/$/, "");
  const isClosed = readToken() !== "";
  return (
    <>
      <h1>Registration</h1>
      {isClosed && (
        <p>
          Berth asks for a token here: set one as <code>BERTH_TOKEN</code> where the client runs.
          The configuration of Llama Stack holds none; it takes the token of each request.
        </p>
      )}
      {formsOf(base, names, isClosed).map((form) => (
        <Text key={form.title} form={form} />
      ))}
    </>
  );
}

function Text({ form: { title, hint, text } }: { form: Form }) {
  const shown = useRef<HTMLPreElement>(null);
  const [said, setSaid] = useState("Copy");
  const copy = async () => {
    // The clipboard is there on secure origins only; elsewhere the text is marked, for the reader to copy.
    const isCopied = await navigator.clipboard?.writeText(text).then(
      () => true,
      () => false,
    );
    if (!isCopied && shown.current) getSelection()?.selectAllChildren(shown.current);
    setSaid(isCopied ? "Copied" : "Marked");
  };
  return (
    <section className="card" aria-label={title}>
      <div className="row ends">
        <h2>{title}</h2>
        <button type="button" aria-label={`${said}: ${title}`} onClick={copy}>
          {said}
        </button>
      </div>
      <p className="quiet">{hint}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a block that scrolls must be reachable by keyboard. */}
      <section className="quoted" aria-label={`Text: ${title}`} tabIndex={0}>
        <pre ref={shown}>{text}</pre>
      </section>
    </section>
  );
}
