import { autoClaims } from "./autoClaims.ts";
import { homeClaims } from "./homeClaims.ts";
import { lifeClaims } from "./lifeClaims.ts";
import { medicalClaims } from "./medicalClaims.ts";
import type { SampleClaim } from "./sampleClaim.ts";

/**
 * The 30 labelled sample claims as their claimants filed them, by number. What their documents say is here and nowhere
 * else.
 */
export const sampleClaims: readonly SampleClaim[] = [
  ...autoClaims,
  ...homeClaims,
  ...lifeClaims,
  ...medicalClaims,
].toSorted((left, right) => left.number.localeCompare(right.number, "en"));
