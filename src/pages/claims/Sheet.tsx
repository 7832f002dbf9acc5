import { type CSSProperties, useEffect, useRef } from "react";
import { wordFor } from "../../core/language.ts";
import { visible } from "../ui/visible.ts";
import type { Box, FoundField } from "./reading.ts";
import type { ShownSheet } from "./shownDocument.ts";
import { useWords } from "./words.ts";

export interface SheetProps {
  sheet: ShownSheet;
  label: string;
  fields: readonly FoundField[];
  words: readonly { text: string; box: Box }[];
  chosen: string | undefined;
  onChoose(name: string | undefined): void;
}

/** The most words that are drawn on one page. */
const wordLimitCount = 3_000;

/** One page of a document with words and fields drawn on it. */
export function Sheet({ sheet, label, fields, words, chosen, onChoose }: SheetProps) {
  const { terms } = useWords().words;
  return (
    <figure className="sheet" style={{ margin: 0 }} aria-label={label}>
      <Picture source={sheet.source} label={label} />
      {words.slice(0, wordLimitCount).map(({ text, box }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: words have no other name, and they never move.
        <span key={index} className="mark word" style={placeOf(box, sheet)} title={visible(text)} />
      ))}
      {fields.map(
        ({ name, value, box }) =>
          box && (
            <Mark
              key={name}
              label={`${wordFor(terms.fields, name).replaceAll("_", " ")}: ${value}`}
              style={placeOf(box, sheet)}
              isChosen={chosen === name}
              onClick={() => onChoose(chosen === name ? undefined : name)}
            />
          ),
      )}
    </figure>
  );
}

interface MarkProps {
  label: string;
  style: CSSProperties;
  isChosen: boolean;
  onClick(): void;
}

/** A field on the page; it comes into view when it is chosen in the list. */
function Mark({ label, style, isChosen, onClick }: MarkProps) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // Not returned: newer browsers give a promise, which React would take for a clean-up.
    if (isChosen) void button.current?.scrollIntoView({ block: "nearest" });
  }, [isChosen]);
  const text = visible(label.slice(0, 200));
  return (
    <button
      ref={button}
      type="button"
      className="mark"
      style={style}
      aria-pressed={isChosen}
      aria-label={text}
      title={text}
      onClick={onClick}
    />
  );
}

/** Relative to the page, so that the marks stay in place at every size. */
function placeOf([left, top, right, bottom]: Box, page: ShownSheet): CSSProperties {
  const percent = (part: number, whole: number) => `${(part / whole) * 100}%`;
  return {
    left: percent(left, page.width),
    top: percent(top, page.height),
    width: percent(right - left, page.width),
    height: percent(bottom - top, page.height),
  };
}

function Picture({ source, label }: { source: string | ImageData; label: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (typeof source !== "string") canvas.current?.getContext("2d")?.putImageData(source, 0, 0);
  }, [source]);
  if (typeof source === "string") return <img src={source} alt={label} />;
  return (
    <canvas
      ref={canvas}
      width={source.width}
      height={source.height}
      role="img"
      aria-label={label}
    />
  );
}
