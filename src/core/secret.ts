/**
 * A value that must not be printed: JSON and template strings show `***`, inspection shows no field at all.
 *
 * @example
 * const token = new Secret("s3cr3t");
 * `${token}` === "***";
 * token.reveal() === "s3cr3t";
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself, for the one place that needs it. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return "***";
  }

  toJSON(): string {
    return "***";
  }
}
