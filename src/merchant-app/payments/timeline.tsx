import type { Child } from 'hono/jsx';
import { formatMoney } from '../../core/money/money.ts';
import type { TimelineDelivery, TimelineEvent } from '../../db/payment-timelines.ts';
import type { SessionMaker, Timeline, TimelineEntry } from '../../domain/payments/timeline.ts';
import { Icon } from '../pages/icons.tsx';
import { Code, prettyJson, type Tone, When } from '../pages/parts.tsx';
import type { ShellView } from '../pages/shell.tsx';
import { pathOf } from '../paths.ts';
import { type Clock, dayText, secondText, tagOf } from '../time.ts';
import { disputeStep } from './dispute-step.ts';
import { timelineTexts } from './timeline-texts.ts';

export interface TimelineView {
  readonly shell: ShellView;
  readonly clock: Clock;
  readonly timeline: Timeline;
  /** The JSON of the latest events by their ids. */
  readonly bodies: ReadonlyMap<string, string>;
  /** The address of the payment at Stripe. null: it has none. */
  readonly atStripe: string | null;
}

/** What happened to a payment, oldest first. */
export function TimelineCard({ view }: { view: TimelineView }): Child {
  const { shell, clock, timeline } = view;
  const texts = timelineTexts[shell.language];
  return (
    <section class="card stack" aria-labelledby="timeline-title">
      <div class="head">
        <h2 id="timeline-title">{texts.title}</h2>
        <span class="soft">{texts.times(clock.timeZone)}</span>
      </div>
      {timeline.isCut && <p class="soft">{texts.cut}</p>}
      <ol class="time">
        {timeline.entries.map((entry) => (
          <Entry view={view} entry={entry} />
        ))}
      </ol>
    </section>
  );
}

function Entry({ view, entry }: { view: TimelineView; entry: TimelineEntry }): Child {
  const { clock } = view;
  const tone = toneOf(entry);
  return (
    <li class={tone === 'plain' ? undefined : tone}>
      <time class="soft" datetime={new Date(entry.at).toISOString()}>
        {dayText(clock, entry.at)}, {secondText(clock, entry.at)}
      </time>
      <What view={view} entry={entry} />
    </li>
  );
}

function toneOf(entry: TimelineEntry): Tone {
  switch (entry.kind) {
    case 'session':
      return 'plain';
    case 'payment':
      return ({ created: 'plain', processing: 'warn', succeeded: 'ok', failed: 'bad', expired: 'plain' } as const)[
        entry.status
      ];
    case 'refund':
      return entry.status === 'failed' ? 'bad' : entry.status === 'succeeded' ? 'ok' : 'plain';
    case 'dispute': {
      const step = disputeStep(entry.dispute, entry.state);
      if (step === 'answer' || step === 'lost') return 'bad';
      return step === 'won' ? 'ok' : step === 'wait' ? 'warn' : 'plain';
    }
    case 'event': {
      const { deliveries } = entry.event;
      if (deliveries.some(({ status }) => status === 'failed')) return 'bad';
      if (deliveries.some(({ status, attemptCount }) => status === 'pending' && attemptCount > 0)) return 'warn';
      return deliveries.some(({ status }) => status === 'succeeded') ? 'ok' : 'plain';
    }
  }
}

function What({ view, entry }: { view: TimelineView; entry: TimelineEntry }): Child {
  const { shell } = view;
  const texts = timelineTexts[shell.language];
  switch (entry.kind) {
    case 'session':
      return <Opened shell={shell} madeBy={entry.madeBy} />;
    case 'payment':
      return <Sentence parts={texts.payment[entry.status]} />;
    case 'refund':
      return <Refunded view={view} entry={entry} />;
    case 'dispute': {
      const step = disputeStep(entry.dispute, entry.state);
      return (
        <>
          <Sentence parts={texts.dispute(moneyText(view, entry.dispute))[step]} />
          <p class="soft">
            {texts.stripeSays}: <code>{entry.dispute.reason}</code>, <code>{entry.dispute.status}</code>
          </p>
        </>
      );
    }
    case 'event':
      return <Happened view={view} event={entry.event} />;
  }
}

function Sentence({ parts: [what = '', means = ''] }: { parts: readonly string[] }): Child {
  return (
    <p>
      <strong>{what}</strong> {means}
    </p>
  );
}

function moneyText({ shell }: TimelineView, money: { readonly amountMinor: number; readonly currency: string }) {
  return formatMoney(money, tagOf(shell.language));
}

function Opened({ shell, madeBy }: { shell: ShellView; madeBy: SessionMaker }): Child {
  const texts = timelineTexts[shell.language];
  const to = (rest: string) => pathOf(shell, rest);
  switch (madeBy.kind) {
    case 'key': {
      const { name, prefix, last4 } = madeBy.key;
      return (
        <p>
          <strong>{texts.checkout}</strong> {texts.byKey(name)}{' '}
          <a href={to('developers/keys')}>
            <code>
              {prefix}…{last4}
            </code>
          </a>
        </p>
      );
    }
    case 'link':
    case 'button':
      return (
        <p>
          <strong>{texts.checkout}</strong> {madeBy.kind === 'link' ? texts.byLink : texts.byButton}{' '}
          <a href={to(`links/${madeBy.token}`)}>{madeBy.title}</a>.
        </p>
      );
    case 'unknown':
      return <Sentence parts={[texts.checkout, texts.byUnknown]} />;
  }
}

function Refunded({ view, entry }: { view: TimelineView; entry: TimelineEntry & { readonly kind: 'refund' } }): Child {
  const { reason, failureReason, stripeRefundId } = entry.refund;
  const texts = timelineTexts[view.shell.language];
  const known: Readonly<Record<string, string>> = texts.reasons;
  return (
    <>
      <Sentence parts={texts.refund(moneyText(view, entry.refund))[entry.status]} />
      <p class="soft">
        {reason !== null && `${texts.reason}: ${known[reason] ?? reason}. `}
        {entry.status === 'failed' && failureReason !== null && `${texts.stripeSays}: ${failureReason}. `}
        <span class="mono">{stripeRefundId}</span>
      </p>
    </>
  );
}

function Happened({ view: { shell, clock, bodies }, event }: { view: TimelineView; event: TimelineEvent }): Child {
  const { language } = shell;
  const texts = timelineTexts[language];
  const to = (rest: string) => pathOf(shell, `developers/${rest}`);
  const body = bodies.get(event.id);
  return (
    <>
      <p>
        <strong>{texts.event}</strong>{' '}
        <a href={to(`events/${event.id}`)}>
          <code>{event.type}</code>
        </a>
      </p>
      {event.deliveries.length === 0 && (
        <p class="soft">
          {texts.noEndpoint} <a href={to('webhooks')}>{texts.addEndpoint}</a>
        </p>
      )}
      {event.deliveries.map((delivery) => (
        <Delivered shell={shell} clock={clock} delivery={delivery} />
      ))}
      {body !== undefined && (
        <details>
          <summary>
            {texts.json}
            <span class="chev">
              <Icon name="down" size={18} />
            </span>
          </summary>
          <Code language={language} id={event.id} label={event.type} code={prettyJson(body)} />
        </details>
      )}
    </>
  );
}

interface DeliveredView {
  readonly shell: ShellView;
  readonly clock: Clock;
  readonly delivery: TimelineDelivery;
}

function Delivered({ shell, clock, delivery }: DeliveredView): Child {
  const texts = timelineTexts[shell.language];
  const { id, endpointUrl, status, nextAttemptAt, attemptCount } = delivery;
  const isFailing = status === 'pending' && attemptCount > 0;
  return (
    <p class={status === 'succeeded' ? 'soft' : undefined}>
      <a href={pathOf(shell, `developers/deliveries/${id}`)}>
        {endpointUrl === null ? texts.deletedEndpoint : new URL(endpointUrl).host}
      </a>{' '}
      {outcomeOf(shell, delivery)}
      {isFailing && nextAttemptAt !== null && (
        <>
          {`, ${texts.nextTry}: `}
          <When clock={clock} at={nextAttemptAt} />
        </>
      )}
    </p>
  );
}

/** What became of a delivery, after the name of its endpoint. */
function outcomeOf({ language }: ShellView, { status, attemptCount, failureReason }: TimelineDelivery): string {
  const texts = timelineTexts[language];
  switch (status) {
    case 'succeeded':
      return texts.delivered(attemptCount);
    case 'pending':
      return attemptCount === 0 ? texts.waiting : texts.failing(attemptCount);
    case 'failed':
      return failureReason === null ? texts.givenUp.tries(attemptCount) : texts.givenUp[failureReason];
  }
}
