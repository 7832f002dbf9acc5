import { expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { openFolder } from "../../tests/berth.ts";
import { Audit } from "./audit.ts";
import type { CallRecord } from "./pool-call.ts";

const record = (target: string): CallRecord => ({
  principal: "ada",
  method: "tools/call",
  target,
  outcome: "ok",
  durationMs: 1,
  requestBytes: 60,
  responseBytes: 70,
  traceparent: undefined,
});

/** The targets of the records in all files of a log, and how many files there are. */
function readBack(folder: string): { targets: unknown[]; files: number } {
  const files = readdirSync(folder).sort((one, other) => other.length - one.length);
  const lines = files.flatMap((name) =>
    readFileSync(join(folder, name), "utf8").trim().split("\n"),
  );
  const targets = lines.filter(Boolean).map((line) => JSON.parse(line).target);
  return {
    targets: targets.sort((one, other) => Number(one) - Number(other)),
    files: files.length,
  };
}

test("a full audit log is put aside under its time and another begins; no record is lost between them", async () => {
  using folder = openFolder();
  const path = join(folder.path, "audit.jsonl");
  const audit = new Audit(path, (error) => expect.unreachable(String(error)), 1000);
  const numbers = Array.from({ length: 30 }, (_, index) => String(index));
  for (const target of numbers) {
    audit.record("one", record(target));
    if (Number(target) % 10 !== 9) continue;
    audit.flush();
    // Names tell times apart by the millisecond.
    await Bun.sleep(2);
  }
  audit.close();
  expect(readBack(folder.path)).toEqual({ targets: numbers, files: 4 });
  expect(
    readdirSync(folder.path).filter(
      (name) => !/^audit\.jsonl(\.20[\d-]+T[\d-]+\.\d{3}Z)?$/.test(name),
    ),
  ).toEqual([]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("an audit log is written on after a restart, and where it cannot be put aside", () => {
  using folder = openFolder();
  const path = join(folder.path, "audit.jsonl");
  const faults: unknown[] = [];
  const write = (target: string, limitBytes: number): void => {
    const audit = new Audit(path, (error) => faults.push(error), limitBytes);
    audit.record("one", record(target));
    audit.close();
  };
  write("0", 1e6);
  write("1", 1e6);
  expect({ ...readBack(folder.path), faults }).toEqual({
    targets: ["0", "1"],
    files: 1,
    faults: [],
  });
  const audit = new Audit(path, (error) => faults.push(error), 1);
  // Somebody has taken the file away: there is nothing to put aside, and the open one goes on.
  rmSync(path);
  for (const target of ["2", "3"]) {
    audit.record("one", record(target));
    audit.flush();
  }
  audit.close();
  expect({ isThere: existsSync(path), faults: faults.length }).toEqual({
    isThere: false,
    faults: 2,
  });
});

test("an audit log that cannot be opened stops whoever should record", () => {
  expect(() => new Audit("/nowhere/audit.jsonl", () => undefined)).toThrow(
    'Cannot open the audit log "/nowhere/audit.jsonl"',
  );
});
