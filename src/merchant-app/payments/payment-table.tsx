import type { Child } from 'hono/jsx';
import { formatMoney } from '../../core/money/money.ts';
import type { PaymentView } from '../../db/payments.ts';
import { localTime } from '../local-time.ts';
import { Amount } from '../pages/parts.tsx';
import type { ShellView } from '../pages/shell.tsx';
import { Cell, Row, Table } from '../pages/table.tsx';
import { type Clock, dayText, minuteText, shortDayText, tagOf } from '../time.ts';
import { buyerOf, paymentsPath, StatusBadge, whatForOf } from './parts.tsx';
import { paymentTexts } from './texts.ts';

interface TableView {
  readonly shell: ShellView;
  readonly clock: Clock;
  readonly payments: readonly PaymentView[];
}

/** Payments in a table, each with the way to it. */
export function PaymentTable({ shell, clock, payments }: TableView): Child {
  const texts = paymentTexts[shell.language];
  const columns = [
    { text: texts.buyer, kind: 'a' },
    { text: texts.status, kind: '' },
    { text: texts.when, kind: 'e soft' },
    { text: texts.amount, kind: 'z' },
  ];
  return (
    <Table caption={texts.title} columns={columns}>
      {payments.map((payment) => (
        <PaymentRow shell={shell} clock={clock} payment={payment} />
      ))}
    </Table>
  );
}

interface RowView extends Pick<TableView, 'shell' | 'clock'> {
  readonly payment: PaymentView;
}

function PaymentRow({ shell, clock, payment }: RowView): Child {
  const { language } = shell;
  const { id, createdAt, currency, refundedMinor } = payment;
  const whatFor = whatForOf(payment);
  const back = formatMoney({ amountMinor: refundedMinor, currency }, tagOf(language));
  return (
    <Row>
      <Cell kind="a">
        <a class="go" href={paymentsPath(shell, id)}>
          {buyerOf(payment) ?? paymentTexts[language].payment(id)}
        </a>
        {whatFor !== null && <small>{whatFor}</small>}
      </Cell>
      <Cell kind="">
        <StatusBadge language={language} payment={payment} />
      </Cell>
      <Cell kind="e soft">
        <time datetime={new Date(createdAt).toISOString()}>{shortTime(clock, createdAt)}</time>
      </Cell>
      <Cell kind="z">
        <strong>
          <Amount language={language} money={payment} />
        </strong>
        {refundedMinor > 0 && <small class="num">{paymentTexts[language].back(back)}</small>}
      </Cell>
    </Row>
  );
}

/** A time as short as it is clear: of today with its hour, of this year without the year, else the day alone. */
function shortTime(clock: Clock, at: number): string {
  const dayOf = (time: number) => localTime(time, clock.timeZone).slice(0, 10);
  const [day, today] = [dayOf(at), dayOf(clock.now)];
  if (day === today) return paymentTexts[clock.language].today(minuteText(clock, at));
  if (day.slice(0, 4) !== today.slice(0, 4)) return dayText(clock, at);
  return `${shortDayText(clock.language, day)}, ${minuteText(clock, at)}`;
}
