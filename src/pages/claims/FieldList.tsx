import { printShare } from "../../core/claimTerms/values.ts";
import { wordFor } from "../../core/language.ts";
import { Said } from "../ui/Said.tsx";
import type { FoundField } from "./reading.ts";
import { useWords } from "./words.ts";

export interface FieldListProps {
  fields: readonly FoundField[];
  chosen: string | undefined;
  onChoose(name: string | undefined): void;
}

/** What was read, in the order of the document; a field that is chosen is marked on the page as well. */
export function FieldList({ fields, chosen, onChoose }: FieldListProps) {
  const { words, language } = useWords();
  if (fields.length === 0) return null;
  return (
    <details open>
      <summary>
        {words.claim.fields} ({fields.length})
      </summary>
      <ul className="plain fields">
        {fields.map(({ name, value, confidence, issues }) => (
          <li key={name}>
            <button
              type="button"
              className="link"
              aria-pressed={chosen === name}
              onClick={() => onChoose(chosen === name ? undefined : name)}
            >
              <Said text={wordFor(words.terms.fields, name).replaceAll("_", " ")} />
            </button>
            <span>
              <Said text={value} limit={1_000} />
              {issues.length > 0 && (
                <span className="small warning">
                  {" ⚠ "}
                  <Said
                    text={issues.map((issue) => wordFor(words.terms.phrases, issue)).join(", ")}
                  />
                </span>
              )}
            </span>
            <span className="quiet small">{printShare(confidence, language)}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
