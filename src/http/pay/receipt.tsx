import type { Child } from 'hono/jsx';
import { formatMoney } from '../../core/money/money.ts';
import { toRfc3339 } from '../../core/rfc3339.ts';
import { AmountRow } from '../buyer/amount-row.tsx';
import type { Locale } from '../buyer/locale.ts';
import { type DoneStatus, fill, type Strings } from '../buyer/strings.tsx';

/** What the page after Checkout shows of a payment. */
export interface ReceiptView {
  readonly status: DoneStatus;
  readonly businessName: string | null;
  readonly heading: string;
  /** Integer minor units. */
  readonly amountMinor: number;
  /** The refunded amount, in integer minor units. */
  readonly refundedMinor: number;
  readonly currency: string;
  /** When the payment succeeded, in unix ms. null: it has not succeeded. */
  readonly paidAt: number | null;
  /** When the bank began to process the payment, in unix ms. null: it is not processing. */
  readonly startedAt: number | null;
  /** The id of the payment: digits. */
  readonly receiptNumber: string;
  readonly reference: string | null;
  /** With what the buyer has paid. null: it is not known now. */
  readonly method: { readonly name: string | null; readonly last4: string | null } | null;
  readonly locale: Locale;
  readonly strings: Strings;
}

/** True if the payment has succeeded, also if it was refunded since: the page is its receipt. */
export function isReceipt({ status }: Pick<ReceiptView, 'status'>): boolean {
  return status === 'paid' || status === 'refunded' || status === 'partially_refunded';
}

/**
 * What is bought and its price. After the payment also the seller, the time, the method and the receipt number. While a
 * bank is processing the payment: the seller, when that began, and the payment's number.
 */
export function Receipt({ view }: { view: ReceiptView }): Child {
  const { receipt } = view.strings;
  const seller = view.businessName ?? receipt.sellerAccount;
  return (
    <dl>
      <AmountRow name={receipt.amount} amount={formatMoney(view, view.locale.tag)} look="total" />
      {view.status === 'partially_refunded' && (
        <AmountRow
          name={receipt.refunded}
          amount={formatMoney({ amountMinor: view.refundedMinor, currency: view.currency }, view.locale.tag)}
        />
      )}
      <Row name={receipt.subject}>{view.heading}</Row>
      {view.reference !== null && <Row name={receipt.reference}>{view.reference}</Row>}
      {isReceipt(view) && (
        <>
          <Row name={receipt.paidTo}>{seller}</Row>
          <Time name={receipt.when} at={view.paidAt} tag={view.locale.tag} />
          <Method view={view} />
          <LongNumber name={receipt.number} digits={view.receiptNumber} />
        </>
      )}
      {view.status === 'processing' && (
        <>
          <Row name={receipt.seller}>{seller}</Row>
          <Time name={receipt.started} at={view.startedAt} tag={view.locale.tag} />
          <LongNumber name={receipt.paymentNumber} digits={view.receiptNumber} />
        </>
      )}
    </dl>
  );
}

function Row({ name, children }: { name: string; children: Child }): Child {
  return (
    <>
      <dt>{name}</dt>
      <dd>
        <bdi>{children}</bdi>
      </dd>
    </>
  );
}

function Time({ name, at, tag }: { name: string; at: number | null; tag: string }): Child {
  return (
    at !== null && (
      <>
        <dt>{name}</dt>
        <dd>
          <time datetime={toRfc3339(at)}>{dateText(at, tag)}</time>
        </dd>
      </>
    )
  );
}

/** "Visa •••• 4242", which a screen reader reads as "Visa ending in 4242". */
function Method({ view: { method, strings } }: { view: ReceiptView }): Child {
  if (method === null) return null;
  const { name, last4 } = method;
  return (
    <Row name={strings.receipt.method}>
      {name}
      {last4 !== null && (
        <>
          {name !== null && ' '}
          <bdi aria-hidden="true">{`••••\u00a0${last4}`}</bdi>
          <span class="vh">{fill(strings.receipt.endingIn, { digits: last4 })}</span>
        </>
      )}
    </Row>
  );
}

/**
 * A number in groups of four, to be read out on the phone. The last two may be smaller, but none is one digit. The gaps
 * are no characters, so a copy of it is the plain number. A screen reader reads it digit by digit, with a pause after
 * each group.
 */
function LongNumber({ name, digits }: { name: string; digits: string }): Child {
  const groups = digits.match(/.{1,4}(?!.$)/gu) ?? [];
  return (
    <Row name={name}>
      <bdi class="digits" dir="ltr" aria-hidden="true">
        {groups.map((group) => (
          <span>{group}</span>
        ))}
      </bdi>
      <span class="vh">{groups.map((group) => [...group].join(' ')).join(', ')}</span>
    </Row>
  );
}

/** Writes a time (unix ms) in UTC with the name of that time zone, because the server does not know the buyer's. */
function dateText(ms: number, tag: string): string {
  return new Intl.DateTimeFormat(tag, {
    calendar: 'gregory',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZone: 'UTC',
    timeZoneName: 'short',
  }).format(ms);
}
