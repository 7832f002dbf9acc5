import { expect, test } from "bun:test";
import { ChildInput } from "./child-input.ts";

test.each(["later", "at the end"])(
  "what is written %s to a child that has closed its stdin is dropped",
  async (when) => {
    const child = Bun.spawn(["sh", "-c", "exec 0<&-; echo closed; exec sleep 60"], {
      stdin: "pipe",
      stdout: "pipe",
    });
    await child.stdout.getReader().read();
    const input = new ChildInput(child.stdin);
    const lengths = [input.write("one")];
    if (when === "later") await new Promise((resolve) => setImmediate(resolve));
    input.end();
    lengths.push(input.write("three"));
    expect({ lengths, isFull: input.isFull }).toEqual({ lengths: [4, 6], isFull: false });
    child.kill("SIGKILL");
    await child.exited;
  },
);
