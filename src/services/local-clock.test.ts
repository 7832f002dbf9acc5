import { expect, test } from "bun:test";
import { printLocalDateTime } from "./local-clock.ts";

// A trailing zero once in ten answers made a test fail now and then.
test.each([
  ["2025-12-13T22:19:49.433Z", "2025-12-13T22:19:49.433"],
  ["2025-12-13T22:19:49.430Z", "2025-12-13T22:19:49.43"],
  ["2025-12-13T22:19:49.400Z", "2025-12-13T22:19:49.4"],
  ["2025-12-13T22:19:49.000Z", "2025-12-13T22:19:49"],
  ["2025-12-13T22:10:00.000Z", "2025-12-13T22:10:00"],
])("%s is printed as %s", (instant, printed) => {
  expect(printLocalDateTime(new Date(instant))).toBe(printed);
});
