import { basename } from "node:path";
import { AppError } from "../core/fault.ts";
import type { Permissions } from "./permissions.ts";

/** What is to be done instead of fetching a program at each start, by who would fetch it. */
const npm =
  'npm install <package>, then command "node" with node_modules/<package>/<file> as its argument and "read": ["node_modules"]';
const pypi =
  "install <package> into a virtual environment, then name its script, <environment>/bin/<script>, as command";
const fetchers: Readonly<Record<string, string>> = {
  ...{ npx: npm, bunx: npm, pnpx: npm, uvx: pypi, pipx: pypi },
};

/**
 * Refuses a command that fetches its program and starts it as another process where no program is granted: it would try
 * for half a minute first.
 * @throws AppError `invalid_config`.
 */
export function refuseFetched(program: string, { run }: Permissions): void {
  const name = basename(program);
  const instead = fetchers[name];
  if (instead === undefined || run.allow === true || run.allow.length > 0) return;
  throw new AppError(
    "invalid_config",
    `Cannot start ${JSON.stringify(name)}: it fetches a program and starts it, and no program is granted`,
    { hint: `Install it once: ${instead}.` },
  );
}
