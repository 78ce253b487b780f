import type { Child } from 'hono/jsx';
import type { CompletedPayment } from '../../db/payment-lists.ts';
import { shownStatus } from '../../domain/payments/queries.ts';
import { Amount, Badge, type Tone } from '../pages/parts.tsx';
import type { ShellView } from '../pages/shell.tsx';
import { Cell, Row, Table } from '../pages/table.tsx';
import { pathIn } from '../paths.ts';
import { type Clock, dayText, minuteText } from '../time.ts';
import { homeScreenTexts } from './texts.ts';

const TONES = {
  processing: 'warn',
  succeeded: 'ok',
  failed: 'bad',
  refunded: 'plain',
  partially_refunded: 'plain',
} as const satisfies Record<string, Tone>;

interface LatestView {
  readonly shell: ShellView;
  readonly clock: Clock;
  /** Newest first. */
  readonly payments: readonly CompletedPayment[];
}

/** The latest payments, each with the way to it. */
export function LatestPayments({ shell, clock, payments }: LatestView): Child {
  const { language, organisation, mode } = shell;
  const texts = homeScreenTexts[language];
  const { buyer, status, when, amount } = texts.latestColumns;
  return (
    <section class="card flush">
      <div class="head">
        <h2>{texts.latest}</h2>
        <a class="btn bare" href={pathIn(organisation.id, mode, 'payments')}>
          {texts.allPayments}
        </a>
      </div>
      <Table
        caption={texts.latest}
        columns={[
          { text: buyer, kind: 'a' },
          { text: status, kind: '' },
          { text: when, kind: 'e soft' },
          { text: amount, kind: 'z' },
        ]}
      >
        {payments.map((payment) => (
          <PaymentRow shell={shell} clock={clock} payment={payment} />
        ))}
      </Table>
    </section>
  );
}

interface RowView {
  readonly shell: ShellView;
  readonly clock: Clock;
  readonly payment: CompletedPayment;
}

function PaymentRow({ shell: { language, organisation, mode }, clock, payment }: RowView): Child {
  const texts = homeScreenTexts[language];
  const status = shownStatus(payment);
  const isToday = dayText(clock, payment.createdAt) === dayText(clock, clock.now);
  const [name, ...more] = [
    payment.customerEmail,
    payment.paymentLinkTitle ?? payment.description,
    payment.reference,
  ].filter((text) => text !== null);
  return (
    <Row>
      <Cell kind="a">
        <a class="go" href={pathIn(organisation.id, mode, `payments/${payment.id}`)}>
          {name ?? texts.payment(payment.id)}
        </a>
        {more[0] !== undefined && <small>{more[0]}</small>}
      </Cell>
      <Cell kind="">
        <Badge tone={TONES[status]}>{texts.statuses[status]}</Badge>
      </Cell>
      <Cell kind="e soft">
        <time datetime={new Date(payment.createdAt).toISOString()}>
          {isToday ? texts.todayAt(minuteText(clock, payment.createdAt)) : dayText(clock, payment.createdAt)}
        </time>
      </Cell>
      <Cell kind="z">
        <strong>
          <Amount language={language} money={payment} />
        </strong>
      </Cell>
    </Row>
  );
}
