import { limits } from "./limits.ts";

/** An `instantiateWasm` for emscripten, and the memory of what it instantiates. */
export interface BoundedMemory {
  instantiate(
    imports: WebAssembly.Imports,
    done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
  ): object;
  memory: Promise<WebAssembly.Memory>;
}

/** One page of wasm memory, in bytes. */
const wasmPageBytes = 65_536;

/**
 * Instantiates a module whose memory refuses to grow above `limits.heapBytes`: an allocation that would need more
 * fails inside the module, whatever a document says about its sizes.
 */
export function boundedMemory(module: WebAssembly.Module): BoundedMemory {
  const memory = Promise.withResolvers<WebAssembly.Memory>();
  return {
    memory: memory.promise,
    instantiate: (imports, done) => {
      WebAssembly.instantiate(module, imports).then((instance) => {
        const exported = Object.values(instance.exports).find(
          (value) => value instanceof WebAssembly.Memory,
        );
        if (exported === undefined) throw new Error("the module exports no memory");
        bound(exported);
        memory.resolve(exported);
        done(instance, module);
      }, memory.reject);
      return {};
    },
  };
}

function bound(memory: WebAssembly.Memory): void {
  const grow = memory.grow.bind(memory);
  memory.grow = (pages) => {
    if (memory.buffer.byteLength + pages * wasmPageBytes > limits.heapBytes)
      throw new RangeError("the heap's limit is reached");
    return grow(pages);
  };
}
