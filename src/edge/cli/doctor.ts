import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeDiagnosis, diagnose } from "../doctor.ts";
import { launcherCommand } from "../launcher.ts";
import { type Command, noOperand } from "./command.ts";

export const doctorCommand: Command = {
  name: "doctor",
  about: "Tells what this kernel can enforce and what is missing, each from a real attempt.",
  operands: "",
  options: { json: { about: "Prints the findings as JSON." } },
  examples: ["berth doctor", "berth doctor --json"],
  async run(input, io) {
    noOperand(doctorCommand, input);
    const folder = mkdtempSync(join(tmpdir(), "berth-"));
    try {
      const diagnosis = await diagnose(launcherCommand(), folder);
      io.print(input.isSet("json") ? JSON.stringify(diagnosis) : describeDiagnosis(diagnosis));
      return 0;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
