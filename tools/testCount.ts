/** How many tests a run reported. */
export interface TestCount {
  passed: number;
  failed: number;
  skipped: number;
}

/** Reads the closing lines of `bun test`, or a line `N passed, N failed, N skipped`; undefined when there are none. */
export function countTests(output: string): TestCount | undefined {
  const plain = /^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/m.exec(output);
  if (plain)
    return { passed: Number(plain[1]), failed: Number(plain[2]), skipped: Number(plain[3] ?? 0) };
  const passed = lastNumber(output, /^ *(\d+) pass$/gm);
  const failed = lastNumber(output, /^ *(\d+) fail$/gm);
  if (passed === undefined || failed === undefined) return undefined;
  const skipped = lastNumber(output, /^ *(\d+) skip$/gm) ?? 0;
  const todo = lastNumber(output, /^ *(\d+) todo$/gm) ?? 0;
  return { passed, failed, skipped: skipped + todo };
}

function lastNumber(text: string, pattern: RegExp): number | undefined {
  const last = [...text.matchAll(pattern)].at(-1);
  return last === undefined ? undefined : Number(last[1]);
}
