import { findInstructions } from "../core/privacy/instructions.ts";
import type { Masker } from "../core/privacy/masker.ts";
import type { AgentEvent, Detection, StepName } from "./port.ts";

/** The most detections of one text that are told; more say nothing new. */
const detectionLimitCount = 100;

/** An untrusted text as a model may see it. */
export interface GuardedText {
  readonly masked: string;
  readonly detections: readonly Detection[];
  /** True when it speaks to the agent. */
  readonly hasInstructions: boolean;
}

/** Masks personal data in an untrusted text and looks for instructions in it. */
export function guardText(text: string, sourceStep: StepName, masker: Masker): GuardedText {
  const { text: masked, findings } = masker.mask(text);
  const instructions = findInstructions(text);
  const detections: Detection[] = [
    ...instructions.map(({ excerpt, span }) => ({
      detectionType: "prompt_injection",
      severity: "high" as const,
      actionTaken: "logged" as const,
      sourceStep,
      field: null,
      span,
      maskedValue: masker.mask(excerpt).text,
    })),
    ...findings.map(({ type, severity, span, placeholder }) => ({
      detectionType: type,
      severity,
      actionTaken: "masked" as const,
      sourceStep,
      field: null,
      span,
      maskedValue: placeholder,
    })),
  ];
  return {
    masked,
    detections: detections.slice(0, detectionLimitCount),
    hasInstructions: instructions.length > 0,
  };
}

/** The events of detections. */
export function detected(detections: readonly Detection[]): AgentEvent[] {
  return detections.map((detection) => ({ type: "guardrail.detected", detection }));
}
