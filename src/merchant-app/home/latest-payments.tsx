import type { Child } from 'hono/jsx';
import type { CompletedPayment } from '../../db/payment-lists.ts';
import type { ShellView } from '../pages/shell.tsx';
import { paymentsPath } from '../payments/parts.tsx';
import { PaymentTable } from '../payments/payment-table.tsx';
import type { Clock } from '../time.ts';
import { homeScreenTexts } from './texts.ts';

interface LatestView {
  readonly shell: ShellView;
  readonly clock: Clock;
  /** Newest first. */
  readonly payments: readonly CompletedPayment[];
}

/** The latest payments, each with the way to it. */
export function LatestPayments({ shell, clock, payments }: LatestView): Child {
  const texts = homeScreenTexts[shell.language];
  return (
    <section class="card flush">
      <div class="head">
        <h2>{texts.latest}</h2>
        <a class="btn bare" href={paymentsPath(shell)}>
          {texts.allPayments}
        </a>
      </div>
      <PaymentTable shell={shell} clock={clock} payments={payments} />
    </section>
  );
}
