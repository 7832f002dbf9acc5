/** Which licences may be built in, and their standard texts. */
import licences from "spdx-license-list/full.js";
import { AppError } from "../../src/core/fault.ts";

/** Of packages: nothing is asked but that the notice goes along. */
const permissive: readonly string[] = [
  "0BSD",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "CC0-1.0",
  "ISC",
  "MIT",
  "Unlicense",
];

/**
 * Of libraries that packages bring along compiled, and of Bun's. The last three ask that whoever changes such a library can
 * have its source and put it in: their addresses are told, and all that is built around them is free as well.
 */
const ofParts: readonly string[] = [
  ...permissive,
  "BSL-1.0",
  "FTL",
  "IJG",
  "Unicode-3.0",
  "Zlib",
  "blessing",
  "libpng-2.0",
  "libtiff",
  "LGPL-2.0-or-later",
  "LGPL-2.1-or-later",
  "MPL-2.0",
];

/** @throws AppError `conflict` with the name of the package when its licence is none of those that may be built in. */
export function checkLicence(name: string, licence: string): void {
  check(name, licence, permissive);
}

/** As `checkLicence`, of a library that is compiled into a package or into Bun. */
export function checkPartLicence(name: string, licence: string): void {
  check(name, licence, ofParts);
}

function check(name: string, licence: string, allowed: readonly string[]): void {
  if (isAllowed(licence, allowed)) return;
  throw new AppError(
    "conflict",
    `Cannot build in ${JSON.stringify(name)}: its licence ${JSON.stringify(licence)} is not on the list`,
    { hint: "Take another package, or argue for the licence in tools/notices/licences.ts." },
  );
}

/** Any of alternatives, and all of what counts together. Anything that is no such expression is no listed licence either. */
function isAllowed(licence: string, allowed: readonly string[]): boolean {
  const bare = licence.replace(/^\((.*)\)$/, "$1");
  return bare
    .split(" OR ")
    .some((choice) => choice.split(" AND ").every((id) => allowed.includes(plain(id))));
}

/** Without the permission that some add to a licence. */
function plain(id: string): string {
  return id.replace(/ WITH LLVM-exception$/, "");
}

/** The ids of the licences that an expression names, of alternatives too. */
export function idsIn(licence: string): string[] {
  return licence
    .replace(/^\((.*)\)$/, "$1")
    .split(/ OR | AND /)
    .map(plain);
}

/**
 * The standard text of a licence, with `copyright` where it leaves room for one.
 * @throws AppError `not_found` for an id that SPDX does not know.
 */
export function standardText(id: string, copyright: string): string {
  const licence = licences[id];
  if (licence === undefined)
    throw new AppError("not_found", `Cannot find the text of the licence "${id}": no such id`);
  return licence.licenseText.replace(/^Copyright \(c\) <year>.*$/m, () => copyright);
}
