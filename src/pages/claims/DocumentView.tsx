import { memo, useState } from "react";
import { call } from "../ui/api.ts";
import { useLoad } from "../ui/load.ts";
import { Notice } from "../ui/Notice.tsx";
import { FieldList } from "./FieldList.tsx";
import { type FoundField, fieldsOf, type ReadPage, wordsPath } from "./reading.ts";
import { Sheet } from "./Sheet.tsx";
import { claimPath } from "./service.ts";
import { type Shown, useDocument } from "./shownDocument.ts";
import { useWords } from "./words.ts";

export interface DocumentViewProps {
  claimId: string;
  version: string;
  reading: Record<string, unknown> | undefined;
}

/**
 * The document with what was read from it drawn on its pages; a field that is chosen is marked in both places. Kept as it
 * is while other things happen to the claim: a page may carry thousands of words.
 */
export const DocumentView = memo(function DocumentView({
  claimId,
  version,
  reading,
}: DocumentViewProps) {
  const { words } = useWords();
  const [chosen, setChosen] = useState<string>();
  const [isWordy, setWordy] = useState(false);
  const { value: document, error } = useDocument(claimId, version);
  const fields = fieldsOf(reading);
  const pages = useWordPages(claimId, `${version} ${reading !== undefined}`, isWordy);
  return (
    <section className="card" aria-label={words.claim.document}>
      <div className="row ends">
        <h2>{words.claim.document}</h2>
        <label className="row">
          <input
            type="checkbox"
            checked={isWordy}
            onChange={(event) => setWordy(event.target.checked)}
          />
          {words.claim.showWords}
        </label>
      </div>
      {error && <Notice tone="warn">{words.claim.noDocument}</Notice>}
      {document && <Sheets {...{ document, fields, pages, chosen }} onChoose={setChosen} />}
      <FieldList fields={fields} chosen={chosen} onChoose={setChosen} />
      {document && (
        <a href={document.url} download={document.fileName}>
          {words.claim.saveDocument}
        </a>
      )}
    </section>
  );
});

interface SheetsProps {
  document: Shown;
  fields: readonly FoundField[];
  pages: readonly ReadPage[];
  chosen: string | undefined;
  onChoose(name: string | undefined): void;
}

function Sheets({ document, fields, pages, chosen, onChoose }: SheetsProps) {
  const { words } = useWords();
  if (document.sheets.length === 0) return <Notice tone="warn">{words.claim.noDocument}</Notice>;
  return document.sheets.map((sheet) => (
    <Sheet
      key={sheet.page}
      sheet={sheet}
      label={words.claim.page(sheet.page)}
      fields={fields.filter(({ page }) => page === sheet.page)}
      words={pages.find(({ page }) => page === sheet.page)?.words ?? []}
      chosen={chosen}
      onChoose={onChoose}
    />
  ));
}

/** The words of the pages, asked for only when they are to be seen. */
function useWordPages(claimId: string, version: string, isWanted: boolean): readonly ReadPage[] {
  const { value } = useLoad(`words ${claimId} ${version} ${isWanted}`, async (signal) =>
    isWanted
      ? call<{ pages: ReadPage[] }>(claimPath(claimId, wordsPath), { signal })
      : { pages: [] },
  );
  return isWanted ? (value?.pages ?? []) : [];
}
