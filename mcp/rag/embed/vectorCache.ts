/** The memory that remembered vectors may take, in bytes. */
const memoryLimitBytes = 64 * 1024 * 1024;

/** Remembers vectors by the hash of what was embedded; the longest unused go first. */
export class VectorCache {
  readonly #vectors = new Map<string, Float32Array>();
  #bytes = 0;

  get(text: string): Float32Array | undefined {
    const key = hashOf(text);
    const vector = this.#vectors.get(key);
    if (vector) {
      // Maps keep the order of insertion: what was used is put last.
      this.#vectors.delete(key);
      this.#vectors.set(key, vector);
    }
    return vector;
  }

  set(text: string, vector: Float32Array): void {
    const key = hashOf(text);
    if (this.#vectors.has(key)) return;
    this.#vectors.set(key, vector);
    this.#bytes += vector.byteLength;
    for (const [oldest, old] of this.#vectors) {
      if (this.#bytes <= memoryLimitBytes) return;
      this.#vectors.delete(oldest);
      this.#bytes -= old.byteLength;
    }
  }
}

function hashOf(text: string): string {
  return new Bun.CryptoHasher("sha256").update(text).digest("base64");
}
