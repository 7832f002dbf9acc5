import { useState } from "react";
import { visible } from "./visible.ts";
import { useCommonWords } from "./words.ts";

/** How much of a text is shown before the reader asks for more, in UTF-16 units, and the most that is ever shown. */
const previewLimit = 2_000;
const showLimit = 200_000;

/** A text of somebody else, inline: its direction stays inside it, and long ones are cut. */
export function Said({ text, limit = 200 }: { text: string; limit?: number }) {
  const isCut = text.length > limit;
  return (
    <bdi title={isCut ? visible(text.slice(0, previewLimit)) : undefined}>
      {visible(isCut ? `${text.slice(0, limit)}…` : text)}
    </bdi>
  );
}

/** A long text of somebody else as a block of its own, with as much of it as the reader asks for. */
export function Quoted({ text, label }: { text: string; label: string }) {
  const { words, language } = useCommonWords();
  const [isAll, setAll] = useState(false);
  const limit = isAll ? showLimit : previewLimit;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a block that scrolls must be reachable by keyboard. */}
      <section className="quoted" aria-label={label} tabIndex={0}>
        <pre dir="auto">
          {visible(text.slice(0, limit))}
          {text.length > limit && "…"}
        </pre>
      </section>
      {text.length > previewLimit && !isAll && (
        <button type="button" className="link" onClick={() => setAll(true)}>
          {words.showAll} ({text.length.toLocaleString(language)})
        </button>
      )}
    </>
  );
}
