import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { describeDiagnosis, diagnose } from "./doctor.ts";
import { noSupport } from "./jail/support.ts";

const launcherFile = Bun.fileURLToPath(new URL("../../tests/edge/launcher.ts", import.meta.url));
const launcher = [process.execPath, launcherFile];
const folder = mkdtempSync("/tmp/doctor-");

test.skipIf(process.platform !== "linux")(
  "diagnose says the same in data and in words",
  async () => {
    const diagnosis = await diagnose(launcher, folder).finally(() =>
      rmSync(folder, { recursive: true }),
    );
    const { landlockAbi: _, ...support } = diagnosis.support;
    const lines = describeDiagnosis(diagnosis).split("\n");
    expect({
      works: diagnosis.findings.map(({ works }) => works).sort(),
      said: lines.slice(1, -1).map((line) => line.startsWith("yes")),
    }).toEqual({
      works: Object.values(support).sort(),
      said: diagnosis.findings.map(({ works }) => works),
    });
  },
);

test("describeDiagnosis says what is missing and what enforce refuses", () => {
  const findings = [
    { name: "files by path", works: false, detail: "needs Landlock" },
    { name: "signals", works: true, detail: "could not be signalled" },
  ];
  const text = describeDiagnosis({
    ...{ kernel: "linux 5.10 x64", user: 1000, isUnprivileged: true, support: noSupport, findings },
    enforceable: { nothing: false, files: true, hosts: false, programs: true },
  });
  expect(text.split("\n")).toEqual([
    "kernel linux 5.10 x64, Landlock ABI 0, user 1000 no capabilities",
    "NO   files by path  needs Landlock",
    "yes  signals        could not be signalled",
    'Mode "enforce" refuses bundles that are granted nothing, hosts.',
  ]);
});
