import { clean } from "../clean.ts";
import type { Filter } from "../port.ts";

/** A filter as conditions on `d`, its parameters numbered from `first`. */
export function filterConditions(
  filter: Filter | undefined,
  first: number,
): { sql: string; values: string[] } {
  const values: string[] = [];
  const parameter = (value: string): string => {
    values.push(clean(value));
    return `$${first + values.length - 1}::text`;
  };
  const conditions = Object.entries(filter?.facets ?? {}).map(([name, allowed]) => {
    const any = allowed.map(
      (value) => `d.facets @> ${parameter(JSON.stringify({ [name]: value }))}::jsonb`,
    );
    return any.length > 0 ? `(${any.join(" or ")})` : "false";
  });
  if (filter?.validOn !== undefined) {
    const day = parameter(filter.validOn);
    conditions.push(`(d.valid_from is null or d.valid_from <= ${day})`);
    conditions.push(`(d.valid_until is null or d.valid_until >= ${day})`);
  }
  if (filter?.excludeSourceIds?.length) {
    const ids = parameter(JSON.stringify(filter.excludeSourceIds));
    conditions.push(`d.source_id not in (select jsonb_array_elements_text(${ids}::jsonb))`);
  }
  return { sql: conditions.map((condition) => ` and ${condition}`).join(""), values };
}
