import type { Child } from 'hono/jsx';
import { formatMoney } from '../../core/money/money.ts';
import type { PaymentView } from '../../db/payments.ts';
import type { Refund } from '../../db/refunds.ts';
import { shownStatus } from '../../domain/payments/queries.ts';
import { leftOf } from '../../domain/payments/refundable.ts';
import type { Timeline } from '../../domain/payments/timeline.ts';
import { EmailLink } from '../../http/buyer/page-parts.tsx';
import { Curl } from '../pages/curl.tsx';
import { Icon } from '../pages/icons.tsx';
import type { PageNode } from '../pages/layout.tsx';
import { Amount, BackLink, Notice, When } from '../pages/parts.tsx';
import { type ShellView, WorkspaceScreen } from '../pages/shell.tsx';
import { pathOf } from '../paths.ts';
import { tagOf } from '../time.ts';
import { detailTexts } from './detail-texts.ts';
import { needsAnswer } from './dispute-step.ts';
import { buyerOf, paymentsPath, StatusBadge, whatForOf } from './parts.tsx';
import { paymentTexts } from './texts.ts';
import { TimelineCard, type TimelineView } from './timeline.tsx';

interface PaymentPageView extends TimelineView {
  readonly publicUrl: string;
  /** Whether the person may refund, and something can be refunded. */
  readonly mayRefund: boolean;
  /** The ids of the refund that was made just now, and of one that the same form had made before. 0: none. */
  readonly asked: { readonly refund: number; readonly earlier: number };
}

/** One payment, or a checkout that is not paid: what is known of it, and what happened to it. */
export function paymentPage(view: PaymentPageView): PageNode {
  const { shell, timeline } = view;
  const { language } = shell;
  const { payment } = timeline;
  const money = formatMoney(payment, tagOf(language));
  const isPayment = payment.status !== 'created' && payment.status !== 'expired';
  const path = `/${isPayment ? 'payments' : 'checkout-sessions'}/${payment.id}`;
  const scope = isPayment ? 'service.payments.payments.read' : 'service.payments.checkout.read';
  return (
    <WorkspaceScreen shell={shell} title={detailTexts[language].title(money, buyerOf(payment))} screen="payments">
      <BackLink href={paymentsPath(shell)} text={paymentTexts[language].all} />
      <RefundNotice view={view} />
      <DisputeNotice view={view} />
      <Head view={view} />
      <div class="stack split">
        <TimelineCard view={view} />
        <div class="stack">
          <Buyer shell={shell} payment={payment} />
          <MoneyCard shell={shell} payment={payment} disputes={timeline.disputes} />
          <Records shell={shell} payment={payment} />
        </div>
      </div>
      <Curl view={view} request={{ path }} scope={scope} />
    </WorkspaceScreen>
  );
}

function Head({ view }: { view: PaymentPageView }): Child {
  const { shell, clock, timeline, atStripe, mayRefund } = view;
  const { language } = shell;
  const { payment } = timeline;
  const texts = detailTexts[language];
  const whatFor = whatForOf(payment);
  return (
    <div class="head">
      <div>
        <div class="row">
          <h1 class="big">
            <Amount language={language} money={payment} />
          </h1>
          <StatusBadge language={language} payment={payment} />
        </div>
        <p class="soft">
          {[buyerOf(payment), whatFor].filter((part) => part !== null).map((part) => `${part} · `)}
          <When clock={clock} at={payment.createdAt} />
        </p>
      </div>
      <div class="row">
        {atStripe !== null && (
          <a class="btn" href={atStripe} rel="noreferrer">
            {texts.atStripe}
            <Icon name="out" size={18} />
          </a>
        )}
        {mayRefund && (
          <a class="btn" href={paymentsPath(shell, `${payment.id}/refund`)}>
            {texts.refund}
          </a>
        )}
      </div>
    </div>
  );
}

function RefundNotice({ view: { shell, timeline, asked } }: { view: PaymentPageView }): Child {
  const texts = detailTexts[shell.language];
  const find = (wanted: number) => timeline.refunds.find(({ id }) => id === wanted);
  const amountOf = (refund: Refund) => formatMoney(refund, tagOf(shell.language));
  const earlier = find(asked.earlier);
  if (earlier) return <Notice tone="warn">{texts.earlier(amountOf(earlier))}</Notice>;
  const made = find(asked.refund);
  if (!made) return null;
  if (made.status === 'failed' || made.status === 'canceled')
    return <Notice tone="bad">{texts.refundFailed(amountOf(made))}</Notice>;
  if (made.status !== 'succeeded') return <Notice tone="warn">{texts.refundPending(amountOf(made))}</Notice>;
  return (
    <Notice tone="ok">
      {texts.refunded(amountOf(made))} {shell.mode === 'sandbox' ? texts.refundedSandbox : texts.refundedSoon}
    </Notice>
  );
}

function DisputeNotice({ view: { shell, timeline, atStripe } }: { view: PaymentPageView }): Child {
  if (!timeline.disputes.some(needsAnswer)) return null;
  const texts = detailTexts[shell.language];
  const action =
    atStripe === null ? (
      <a class="btn" href={pathOf(shell, 'settings/stripe')}>
        {texts.toStripe}
      </a>
    ) : (
      <a class="btn" href={atStripe} rel="noreferrer">
        {texts.answer}
      </a>
    );
  return (
    <Notice tone="bad" action={action}>
      {texts.disputed}
    </Notice>
  );
}

interface PartView {
  readonly shell: ShellView;
  readonly payment: PaymentView;
}

function Buyer({ shell, payment }: PartView): Child {
  const texts = detailTexts[shell.language];
  const { customerEmail: email, paymentLinkToken: token, paymentLinkTitle, description } = payment;
  return (
    <section class="card stack" aria-labelledby="buyer-title">
      <h2 id="buyer-title">{texts.buyer}</h2>
      <dl>
        {email !== null && (
          <>
            <dt>{texts.email}</dt>
            <dd>
              <EmailLink written={email} address={email} />
            </dd>
          </>
        )}
        {token !== null && (
          <>
            <dt>{texts.whatFor}</dt>
            <dd>
              <a href={pathOf(shell, `links/${token}`)}>{paymentLinkTitle}</a>
            </dd>
          </>
        )}
        {token === null && description !== null && (
          <>
            <dt>{texts.whatFor}</dt>
            <dd>{description}</dd>
          </>
        )}
      </dl>
      {email === null ? (
        <p class="soft">{texts.unknownBuyer}</p>
      ) : (
        <p>
          <a href={`${paymentsPath(shell)}?${new URLSearchParams({ q: email })}`}>{texts.allOfBuyer}</a>
        </p>
      )}
    </section>
  );
}

function MoneyCard({ shell: { language }, payment, disputes }: PartView & Pick<Timeline, 'disputes'>): Child {
  const texts = detailTexts[language];
  const lost = disputes.filter((dispute) => dispute.status === 'lost' && dispute.currency === payment.currency);
  const lostMinor = lost.reduce((sum, dispute) => sum + dispute.amountMinor, 0);
  const { currency, amountMinor, refundedMinor } = payment;
  const isPaid = ['succeeded', 'refunded', 'partially_refunded'].includes(shownStatus(payment));
  const lines = isPaid
    ? [
        { name: texts.paid, amount: amountMinor },
        { name: texts.givenBack, amount: refundedMinor },
        ...(lostMinor > 0 ? [{ name: texts.takenBack, amount: lostMinor }] : []),
        { name: texts.ourFee, amount: 0 },
      ]
    : [{ name: texts.asked, amount: amountMinor }];
  return (
    <section class="card stack" aria-labelledby="money-title">
      <h2 id="money-title">{texts.money}</h2>
      <dl class="sums">
        {lines.map(({ name, amount }) => (
          <>
            <dt>{name}</dt>
            <dd>
              <Amount language={language} money={{ amountMinor: amount, currency }} />
            </dd>
          </>
        ))}
        {isPaid && (
          <>
            <dt>
              <strong>{texts.left}</strong>
            </dt>
            <dd>
              <strong>
                <Amount
                  language={language}
                  money={{ amountMinor: Math.max(0, leftOf(payment) - lostMinor), currency }}
                />
              </strong>
            </dd>
          </>
        )}
      </dl>
      {isPaid && <small>{texts.stripeFee}</small>}
    </section>
  );
}

function Records({ shell: { language }, payment }: PartView): Child {
  const texts = detailTexts[language];
  const { id, reference, stripeSessionId, stripePaymentIntentId, stripeAccountId, metadata } = payment;
  const records = [
    [texts.number, String(id)],
    [texts.reference, reference],
    [texts.session, stripeSessionId],
    [texts.intent, stripePaymentIntentId],
    [texts.account, stripeAccountId],
  ] as const;
  const more = Object.entries(metadata);
  return (
    <section class="card stack" aria-labelledby="records-title">
      <h2 id="records-title">{texts.records}</h2>
      <dl>{records.map(([name, value]) => value !== null && <Line name={name} value={value} />)}</dl>
      {more.length > 0 && (
        <>
          <h3>{texts.metadata}</h3>
          <dl>
            {more.map(([name, value]) => (
              <Line name={name} value={value} />
            ))}
          </dl>
        </>
      )}
    </section>
  );
}

function Line({ name, value }: { name: string; value: string }): Child {
  return (
    <>
      <dt>{name}</dt>
      <dd class="mono">{value}</dd>
    </>
  );
}
