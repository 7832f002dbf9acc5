import { foldDisguised } from "./fold.ts";
import { hiddenMarks, type InstructionKind, patterns } from "./instructionPatterns.ts";

/** The most findings of one text; more say nothing new. */
const findingLimitCount = 20;
/** The most of a finding that is repeated, in UTF-16 units. */
const excerptLimit = 120;
/** The longest text that is looked at, in UTF-16 units; the rest of a longer one is reported as unread. */
const textLimit = 4_000_000;

/** A place in an untrusted text that speaks to the agent instead of about the claim. */
export interface InstructionFinding {
  readonly kind: InstructionKind;
  /** What stands there, as it stands there. */
  readonly excerpt: string;
  /** Start and end in the text, in UTF-16 units. */
  readonly span: readonly [number, number];
  /** By the nearest `[Page n]` heading above; null without one. */
  readonly page: number | null;
}

/**
 * Finds orders to the agent in a document's text, in English and in French: to ignore its instructions, to decide in some
 * way, to call a tool, to play a role; and text that is hidden from people. Accents, case, line breaks, invisible
 * characters and look-alike letters do not count.
 */
export function findInstructions(text: string): InstructionFinding[] {
  const looked = text.slice(0, textLimit);
  const findings: InstructionFinding[] = [];
  for (const { kind, pattern } of hiddenMarks) {
    for (const match of looked.matchAll(pattern)) {
      findings.push(finding(looked, kind, [match.index, match.index + match[0].length]));
      if (findings.length >= findingLimitCount) return findings;
    }
  }
  const folded = foldDisguised(looked);
  // One folded unit for one replaced unit, so that places stay what they are.
  const plain = folded.text.replace(/[’ʼ`´]/g, "'").replace(/[‐‑‒–—]/g, "-");
  const spaced = closeSpacedLetters(plain);
  for (const { kind, pattern } of patterns) {
    for (const source of spaced === plain ? [plain] : [plain, spaced]) {
      for (const match of source.matchAll(pattern)) {
        const end = match.index + match[0].length;
        const span = [folded.origin(match.index), folded.origin(end)] as const;
        findings.push(finding(looked, kind, span));
        if (findings.length >= findingLimitCount) return byPlace(findings);
      }
    }
  }
  return byPlace(findings);
}

/** "i g n o r e", or with points, is read as "ignore"; the length is kept by blanks behind the word. */
function closeSpacedLetters(text: string): string {
  return text.replace(/(?<![a-z])[a-z](?:[ ._*-][a-z]){3,}(?![a-z])/g, (run) =>
    run.replace(/[^a-z]/g, "").padEnd(run.length),
  );
}

function finding(
  text: string,
  kind: InstructionKind,
  span: readonly [number, number],
): InstructionFinding {
  const excerpt = text.slice(span[0], Math.min(span[1], span[0] + excerptLimit));
  const heading = [...text.slice(0, span[0]).matchAll(/^\[Page (\d{1,6})\]/gm)].at(-1);
  return { kind, excerpt, span, page: heading ? Number(heading[1]) : null };
}

/** In the order of the text, each place once. */
function byPlace(findings: readonly InstructionFinding[]): InstructionFinding[] {
  const sorted = [...findings].sort((one, other) => one.span[0] - other.span[0]);
  return sorted.filter(({ kind, span }, index) => {
    const first = sorted.findIndex((other) => other.kind === kind && other.span[0] === span[0]);
    return first === index;
  });
}
