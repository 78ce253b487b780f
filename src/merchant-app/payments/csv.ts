import { CSV_BEGIN, type CsvCell, csvRow } from '../../core/csv.ts';
import { minorToDecimal } from '../../core/money/money.ts';
import { toRfc3339 } from '../../core/rfc3339.ts';
import type { CompletedPayment, PaymentFilter } from '../../db/payment-lists.ts';
import type { Context } from '../../domain/context.ts';
import { exportPayments, paidAtOf } from '../../domain/payments/export-payments.ts';
import { shownStatus } from '../../domain/payments/queries.ts';
import { readByBuyer } from './parts.tsx';

type Column = (payment: CompletedPayment, mode: Context['workspace']['mode']) => CsvCell;

/** The columns of the file, in order. Where the API has the same value, it has the same name. */
const COLUMNS: Readonly<Record<string, Column>> = {
  id: ({ id }) => id,
  created_at: ({ createdAt }) => toRfc3339(createdAt),
  paid_at: (payment) => {
    const paidAt = paidAtOf(payment);
    return paidAt === null ? null : toRfc3339(paidAt);
  },
  status: shownStatus,
  amount: ({ amountMinor, currency }) => minorToDecimal(amountMinor, currency),
  currency: ({ currency }) => currency,
  amount_cents: ({ amountMinor }) => amountMinor,
  refunded: ({ refundedMinor, currency }) => minorToDecimal(refundedMinor, currency),
  refunded_cents: ({ refundedMinor }) => refundedMinor,
  reference: ({ reference }) => reference,
  customer_email: ({ customerEmail }) => customerEmail,
  description: readByBuyer,
  payment_link_token: ({ paymentLinkToken }) => paymentLinkToken,
  stripe_session_id: ({ stripeSessionId }) => stripeSessionId,
  stripe_payment_intent_id: ({ stripePaymentIntentId }) => stripePaymentIntentId,
  stripe_account_id: ({ stripeAccountId }) => stripeAccountId,
  mode: (_, mode) => mode,
};

/**
 * The payments of the workspace that pass the filter as a CSV file in UTF-8, newest first. Has one page in memory at a
 * time, reads the next one only when it is asked for, and none once the reader has cancelled. If the database fails at the
 * first page, throws its error; if it fails later, the stream breaks off, so that the file does not look complete.
 */
export async function paymentsCsv(context: Context, filter: PaymentFilter): Promise<ReadableStream<Uint8Array>> {
  const parts = csvParts(context, filter);
  let first: Awaited<ReturnType<typeof parts.next>> | null = await parts.next();
  const encoder = new TextEncoder();
  const source: UnderlyingSource<Uint8Array> = {
    async pull(controller) {
      const { done, value } = first ?? (await parts.next());
      first = null;
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await parts.return();
    },
  };
  // 0: nothing is read ahead.
  return new ReadableStream(source, { highWaterMark: 0 });
}

async function* csvParts(context: Context, filter: PaymentFilter): AsyncGenerator<string, void> {
  const columns = Object.values(COLUMNS);
  let begin = CSV_BEGIN + csvRow(Object.keys(COLUMNS));
  for await (const payments of exportPayments(context, filter)) {
    const rows = payments.map((payment) => csvRow(columns.map((cell) => cell(payment, context.workspace.mode))));
    // A page can be empty.
    if (rows.length > 0 || begin !== '') yield begin + rows.join('');
    begin = '';
  }
}
