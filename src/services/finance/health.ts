import * as z from "zod";
import { printLocalDateTime } from "../local-clock.ts";
import { defineOperation, jsonAnswer, type Operation } from "../operation.ts";

const Health = z.object({
  service: z.string(),
  count: z.number().int(),
  status: z.string(),
  timestamp: z.string(),
});

const service = "Fantaco Finance API";
const example = { service, count: 1, status: "UP", timestamp: "2025-12-13T22:19:49.433" };

/** The two older health endpoints; each counts its own calls since the start. */
export function healthOperations(): Operation[] {
  return [health("/api/finance/health"), health("/api/test/health")];
}

function health(path: string): Operation {
  let calls = 0;
  return defineOperation({
    method: "GET",
    path,
    tag: "Health",
    summary: "Tell that the service runs",
    isProbe: true,
    answers: { 200: { description: "It runs", schema: Health, example } },
    answer() {
      calls++;
      const timestamp = printLocalDateTime(new Date());
      return jsonAnswer(200, { service, count: calls, status: "UP", timestamp });
    },
  });
}
