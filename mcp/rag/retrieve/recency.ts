/** What the newest precedent gains over one that is very old: it decides between alike ones and no more. */
const mostGain = 0.1;
/** After so many days the gain is half of what it was. */
const halfLifeDays = 365;
const dayMs = 86_400_000;

/** By how much a find's score is multiplied for its date; 1 for one without a date, and for one in the future the most. */
export function recencyFactor(occurredAt: string | undefined, now: Date): number {
  const at = occurredAt === undefined ? Number.NaN : Date.parse(occurredAt);
  if (Number.isNaN(at)) return 1;
  const ageDays = Math.max(0, now.getTime() - at) / dayMs;
  return 1 + mostGain * 0.5 ** (ageDays / halfLifeDays);
}
