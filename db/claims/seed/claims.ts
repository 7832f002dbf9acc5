import { sampleId } from "./ids.ts";
import { userKeyOf } from "./users.ts";

/** Type, user and filing date of CLM-2025-0001, CLM-2025-0002, … in this order. */
const filed: readonly (readonly [type: string, user: number, filed: string])[] = [
  ["Medical", 1, "2025-03-20"],
  ["Auto", 2, "2025-02-18"],
  ["Home", 3, "2025-04-10"],
  ["Life", 4, "2025-02-25"],
  ["Auto", 5, "2025-02-10"],
  ["Auto", 6, "2025-03-21"],
  ["Auto", 7, "2025-04-12"],
  ["Home", 8, "2025-05-25"],
  ["Medical", 9, "2025-03-01"],
  ["Medical", 10, "2025-04-02"],
  ["Auto", 11, "2025-04-17"],
  ["Home", 12, "2025-05-12"],
  ["Home", 12, "2025-06-02"],
  ["Medical", 13, "2025-06-19"],
  ["Auto", 14, "2025-05-30"],
  ["Home", 15, "2025-07-14"],
  ["Auto", 16, "2025-03-22"],
  ["Home", 17, "2025-04-28"],
  ["Auto", 18, "2025-06-05"],
  ["Auto", 19, "2025-06-20"],
  ["Medical", 20, "2025-05-20"],
  ["Home", 20, "2025-08-18"],
  ["Auto", 21, "2025-07-02"],
  ["Medical", 22, "2025-07-01"],
  ["Home", 23, "2025-06-10"],
  ["Home", 23, "2025-09-20"],
  ["Medical", 24, "2025-05-02"],
  ["Medical", 25, "2025-05-26"],
  ["Medical", 1, "2026-01-15"],
  ["Auto", 2, "2025-10-01"],
];

/** The sample claims as rows, all pending; their documents are files. */
export function sampleClaims(): (Record<string, unknown> & { id: string })[] {
  return filed.map(([type, user, date], index) => {
    const number = `CLM-2025-${String(index + 1).padStart(4, "0")}`;
    return {
      id: sampleId("claim", number),
      user_id: userKeyOf(user),
      claim_number: number,
      claim_type: type,
      document_path: `/claim_documents/${number}.pdf`,
      status: "pending",
      submitted_at: `${date}T09:00:00Z`,
    };
  });
}
