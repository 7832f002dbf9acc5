import * as z from "zod";

const time = z.string().nullish().describe("Local date-time in UTC, without a zone.");
const text = z.string().nullish();
const number = z.number().nullish();
const head = {
  id: z.number().optional(),
  customerId: text,
  status: text,
  createdAt: time,
  updatedAt: time,
};

/** Records as the finance service sends them; open, because the service may add fields. */
export const order = z.looseObject({
  ...head,
  orderNumber: text,
  totalAmount: number,
  orderDate: time,
});

export const invoice = z.looseObject({
  ...head,
  invoiceNumber: text,
  orderId: number,
  amount: number,
  invoiceDate: time,
  dueDate: time,
  paidDate: time,
});

export const dispute = z.looseObject({
  ...head,
  disputeNumber: text,
  orderId: number,
  disputeType: text,
  description: text,
  reason: text,
  disputeDate: time,
  resolvedDate: time,
});

export const receipt = z.looseObject({
  ...head,
  receiptNumber: text,
  orderId: number,
  filePath: text,
  fileName: text,
  fileSize: number,
  mimeType: text,
  receiptDate: time,
});

/** The finance service's envelope around what it returns. */
export function envelope(data: z.ZodType): z.ZodObject {
  return z.looseObject({
    data: data.nullish(),
    success: z.boolean().optional(),
    count: z.number().optional().describe("How many entries `data` holds."),
    message: text,
  });
}
