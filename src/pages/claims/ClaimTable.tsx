import { wordFor } from "../../core/language.ts";
import { Heads } from "../ui/Heads.tsx";
import { linkTo } from "../ui/route.ts";
import { Said } from "../ui/Said.tsx";
import { printMs, StatusBadges, When } from "./print.tsx";
import type { Claim } from "./service.ts";
import { useWords } from "./words.ts";

/** Claims, a line each. */
export function ClaimTable({ claims, caption }: { claims: readonly Claim[]; caption: string }) {
  const { words, language } = useWords();
  const { list } = words;
  const columns = [list.number, list.claimant, list.type, list.status, list.filed, list.took];
  return (
    <table className="folds">
      <caption className="visually-hidden">{caption}</caption>
      <Heads columns={columns} />
      <tbody>
        {claims.map((claim) => (
          <tr key={claim.id}>
            <td data-label={list.number}>
              <a href={linkTo(`/claims/${claim.id}`)}>
                <Said text={claim.claim_number} />
              </a>
            </td>
            <td data-label={list.claimant}>
              <Said text={claim.user_id} />
            </td>
            <td data-label={list.type}>
              <Said text={wordFor(words.types, claim.claim_type ?? "–")} />
            </td>
            <td data-label={list.status}>
              <StatusBadges claim={claim} />
            </td>
            <td data-label={list.filed}>
              <When at={claim.submitted_at} />
            </td>
            <td data-label={list.took}>{printMs(claim.total_processing_time_ms, language)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
