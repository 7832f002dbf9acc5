import { wordFor } from "../../core/language.ts";
import { Badge, type Tone } from "../ui/Notice.tsx";
import type { Claim } from "./service.ts";
import { useWords } from "./words.ts";

const forms = {
  day: { dateStyle: "medium", timeStyle: "short" },
  second: { dateStyle: "medium", timeStyle: "medium" },
  time: { timeStyle: "medium" },
} as const;
const formats = new Map<string, Intl.DateTimeFormat>();

/** Making a format takes longer than using it some hundred times, and a timeline has thousands of instants. */
function formatOf(language: string, form: keyof typeof forms): Intl.DateTimeFormat {
  const key = `${language} ${form}`;
  const format = formats.get(key) ?? new Intl.DateTimeFormat(language, forms[form]);
  formats.set(key, format);
  return format;
}

/** An instant in the reader's language and time zone, with the exact one for whoever looks closer. */
export function When({ at, to = "day" }: { at: string | null; to?: keyof typeof forms }) {
  const { language } = useWords();
  if (at === null) return <>–</>;
  return (
    <time dateTime={at} title={at}>
      {formatOf(language, to).format(new Date(at))}
    </time>
  );
}

/** A duration in the unit that fits it. */
export function printMs(ms: number | null | undefined, language: string): string {
  if (ms === null || ms === undefined) return "–";
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  return `${(ms / 1_000).toLocaleString(language, { maximumFractionDigits: 1 })} s`;
}

const tones: Readonly<Record<Claim["status"], Tone>> = {
  pending: "plain",
  processing: "info",
  completed: "plain",
  failed: "bad",
  manual_review: "warn",
  pending_info: "warn",
};

/** Status and outcome; a denial looks different from a failure. */
export function StatusBadges({ claim }: { claim: Pick<Claim, "status" | "outcome"> }) {
  const { words } = useWords();
  const { status, outcome } = claim;
  return (
    <span className="row">
      <Badge tone={tones[status] ?? "plain"}>{wordFor(words.statuses, status)}</Badge>
      {outcome && (
        <Badge tone={outcome === "approve" ? "good" : "bad"}>
          {outcome === "approve" ? "✓ " : "✕ "}
          {wordFor(words.outcomes, outcome)}
        </Badge>
      )}
    </span>
  );
}
