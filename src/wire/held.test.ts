import { expect, test } from "bun:test";
import { HeldCalls, type Holdable, heldLimitCount, principalOf } from "./held.ts";
import { Ticker } from "./ticker.ts";

function setUp(limitMs?: number): { held: HeldCalls<Holdable>; ticker: Ticker; expired: string[] } {
  const ticker = new Ticker();
  return { held: new HeldCalls(ticker, limitMs), ticker, expired: [] };
}

const call = (subject: string, expired: string[] = []): Holdable => ({
  subject,
  expire: () => expired.push(subject),
});

test("a token leads back to its call once, for its principal and its subject", () => {
  const { held } = setUp();
  const one = call("tools/call a");
  const state = held.hold(one, "ann");
  expect(held.take(state, "bob", one.subject)).toBe("it was issued to someone else");
  expect(held.take(state, "ann", "tools/call b")).toBe("it belongs to another call");
  expect(held.take(state, "ann", one.subject)).toBe(one);
  expect(held.take(state, "ann", one.subject)).toContain("used already");
  expect(held.count).toBe(0);
});

test("each round has a token of its own", () => {
  const { held } = setUp();
  const one = call("tools/call a");
  expect(held.hold(one, "ann")).not.toBe(held.hold(one, "ann"));
});

test("every changed character of a token makes it worthless", () => {
  const { held } = setUp();
  const state = held.hold(call("x"), "ann");
  for (let index = 0; index < state.length; index++) {
    const other = state[index] === "A" ? "B" : "A";
    const changed = state.slice(0, index) + other + state.slice(index + 1);
    expect(held.take(changed, "ann", "x")).toBe("it was not issued here, or it was changed");
  }
});

test("a call that nobody comes back for is given up at the bound", async () => {
  const { held, ticker, expired } = setUp(20);
  const state = held.hold(call("x", expired), "ann");
  ticker.tick();
  expect(expired).toEqual([]);
  await Bun.sleep(25);
  ticker.tick();
  expect(expired).toEqual(["x"]);
  expect(held.take(state, "ann", "x")).toContain("has expired");
});

test("the number of held calls is bounded", () => {
  const { held } = setUp();
  for (let count = 0; count < heldLimitCount; count++) held.hold(call("x"), "ann");
  expect(held.isFull).toBe(true);
});

test("a principal is a name that does not give the token away", () => {
  expect(principalOf(undefined)).toBe("anyone");
  expect(principalOf("Bearer s3cr3t")).toMatch(/^[\w-]{22}$/);
  expect(principalOf("Bearer s3cr3t")).not.toBe(principalOf("Bearer other"));
});
