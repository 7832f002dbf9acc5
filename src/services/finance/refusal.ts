import { AppError } from "../../core/fault.ts";

/** A business rule said no, or there is no such row: answered with three keys and no more. */
export class Refusal extends AppError {}

export function refuse(message: string): Refusal {
  return new Refusal("invalid_input", message);
}
