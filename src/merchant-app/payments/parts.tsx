import type { Child } from 'hono/jsx';
import type { Payment, PaymentView } from '../../db/payments.ts';
import { shownStatus } from '../../domain/payments/queries.ts';
import type { Language } from '../language.ts';
import { Badge, type Tone } from '../pages/parts.tsx';
import type { ShellView } from '../pages/shell.tsx';
import { pathOf } from '../paths.ts';
import { paymentTexts } from './texts.ts';

/** The path of a page below payments/. '': the list itself. */
export function paymentsPath(shell: ShellView, rest: number | string = ''): string {
  return pathOf(shell, rest === '' ? 'payments' : `payments/${rest}`);
}

const TONES: Readonly<Record<ReturnType<typeof shownStatus>, Tone>> = {
  created: 'plain',
  processing: 'warn',
  succeeded: 'ok',
  failed: 'bad',
  expired: 'plain',
  refunded: 'plain',
  partially_refunded: 'plain',
};

/** How a payment stands, in a word. */
export function StatusBadge({ language, payment }: { language: Language; payment: PaymentView }): Child {
  const status = shownStatus(payment);
  return <Badge tone={TONES[status]}>{paymentTexts[language].statuses[status]}</Badge>;
}

/** Who has paid: the e-mail address, else the merchant's reference. null: neither is known. */
export function buyerOf({ customerEmail, reference }: Pick<Payment, 'customerEmail' | 'reference'>): string | null {
  return customerEmail ?? reference;
}

/** What the buyer read: the title of the link, else the description. null: there was neither. */
export function readByBuyer({ paymentLinkTitle, description }: PaymentView): string | null {
  return paymentLinkTitle ?? description;
}

/** What was paid for. null: nothing says that, or it is named as the buyer already. */
export function whatForOf(payment: PaymentView): string | null {
  const what = readByBuyer(payment) ?? payment.reference;
  return what === buyerOf(payment) ? null : what;
}
