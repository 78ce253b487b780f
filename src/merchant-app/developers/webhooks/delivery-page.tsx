import type { Child } from 'hono/jsx';
import type { AttemptView, FoundDelivery } from '../../../db/deliveries.ts';
import { WEBHOOK_HEADERS } from '../../../domain/webhooks/delivery/post-webhook.ts';
import { Curl } from '../../pages/curl.tsx';
import type { PageNode } from '../../pages/layout.tsx';
import { Badge, Code, Notice, prettyJson, type Tone, When } from '../../pages/parts.tsx';
import { type Clock, secondText, tagOf } from '../../time.ts';
import { type DevelopersView, developersPath, PartScreen } from '../frame.tsx';
import { deliveryTexts } from './delivery-texts.ts';
import { StatusBadge } from './endpoint-page.tsx';
import { meaningOf } from './meaning.ts';
import { meaningTexts, standingTexts } from './meaning-texts.ts';
import { endpointTexts } from './texts.ts';

/** How many characters of each answer are shown, so that a page stays small. */
const SHOWN = 1_000;

interface DeliveryPageView {
  readonly view: DevelopersView;
  readonly clock: Clock;
  readonly found: FoundDelivery;
  readonly mayWrite: boolean;
}

/** One delivery: how it stands and what to do, what was sent, and every attempt with the answer. */
export function deliveryPage(page: DeliveryPageView): PageNode {
  const { view, clock, found } = page;
  const { shell } = view;
  const { delivery, endpoint } = found;
  const texts = deliveryTexts[shell.language];
  const back = endpoint
    ? { to: `webhooks/${endpoint.id}`, text: endpointTexts[shell.language].endpoint }
    : { to: 'webhooks', text: endpointTexts[shell.language].endpoints };
  const again = { method: 'POST', path: `/deliveries/${delivery.id}/redeliver` } as const;
  return (
    <PartScreen view={view} title={texts.title(delivery.eventType ?? texts.deletedEvent)} back={back}>
      <Standing {...page} />
      <section class="card stack">
        <Facts view={view} clock={clock} found={found} />
        <SendAgain {...page} />
      </section>
      <Attempts view={view} clock={clock} attempts={delivery.attempts} />
      <Sent view={view} found={found} />
      <Curl view={view} request={again} scope="service.payments.webhooks.write" />
    </PartScreen>
  );
}

function Reload({ view: { shell }, found }: DeliveryPageView): Child {
  return (
    <a class="btn" href={developersPath(shell, `deliveries/${found.delivery.id}`)}>
      {deliveryTexts[shell.language].reload}
    </a>
  );
}

const TONES = { succeeded: 'ok', failed: 'bad', pending: 'warn' } as const;

/** How the delivery stands, why, and what to do about it. */
function Standing(page: DeliveryPageView): Child {
  const { view, clock, found } = page;
  const { status, failureReason, attempts, nextAttemptAt, attemptCount, attemptsBefore } = found.delivery;
  const { language } = view.shell;
  const standing = standingTexts[language];
  const isQueued = status === 'pending' && attemptCount === attemptsBefore;
  const last = isQueued ? undefined : attempts.at(-1);
  const tone: Tone = isQueued ? 'plain' : TONES[status];
  return (
    <Notice tone={tone} action={<Reload {...page} />}>
      {last && failureReason === null && <>{meaningTexts[language][meaningOf(last)]} </>}
      {isQueued && standing.waiting}
      {status === 'pending' && last && nextAttemptAt !== null && (
        <>
          {standing.again} <When clock={clock} at={nextAttemptAt} />.
        </>
      )}
      {status === 'failed' && (failureReason === null ? standing.givenUp : standing.failures[failureReason])}
    </Notice>
  );
}

type FactsView = Pick<DeliveryPageView, 'view' | 'clock' | 'found'>;

function Facts({ view: { shell }, clock, found: { delivery, endpoint } }: FactsView): Child {
  const texts = deliveryTexts[shell.language];
  return (
    <dl>
      <dt>{texts.state}</dt>
      <dd>
        <StatusBadge language={shell.language} status={delivery.status} isTried={delivery.attempts.length > 0} />
      </dd>
      {endpoint && (
        <>
          <dt>{texts.to}</dt>
          <dd>{endpoint.url}</dd>
        </>
      )}
      <dt>{texts.happened}</dt>
      <dd>
        <When clock={clock} at={delivery.createdAt} />
      </dd>
      <dt>{texts.eventId}</dt>
      <dd class="mono">
        <a href={developersPath(shell, `events/${delivery.eventId}`)}>{delivery.eventId}</a>
      </dd>
      <dt>{texts.deliveryId}</dt>
      <dd class="mono">{delivery.id}</dd>
      {delivery.nextAttemptAt !== null && (
        <>
          <dt>{texts.nextTry}</dt>
          <dd>
            <When clock={clock} at={delivery.nextAttemptAt} />
          </dd>
        </>
      )}
    </dl>
  );
}

function SendAgain({ view: { shell }, clock, found, mayWrite }: DeliveryPageView): Child {
  const texts = deliveryTexts[shell.language];
  const { delivery, endpoint, body } = found;
  const why = [
    body === null && texts.notAgain.event,
    endpoint === null && texts.notAgain.endpoint,
    endpoint?.status === 'disabled' && texts.notAgain.off,
    !mayWrite && texts.notAgain.role,
  ].find((reason) => reason !== false);
  if (why !== undefined) return <p class="soft">{why}</p>;
  return (
    <form action={developersPath(shell, `deliveries/${delivery.id}/redeliver`)} method="post">
      <input type="hidden" name="made" value={clock.now} />
      <div class="row">
        <button class="btn main" type="submit">
          {texts.sendAgain}
        </button>
      </div>
    </form>
  );
}

interface AttemptsView {
  readonly view: DevelopersView;
  readonly clock: Clock;
  readonly attempts: readonly AttemptView[];
}

/** The attempts, the latest first. */
function Attempts({ view, clock, attempts }: AttemptsView): Child {
  const texts = deliveryTexts[view.shell.language];
  if (attempts.length === 0) return null;
  return (
    <section class="card stack">
      <h2>{texts.attempts}</h2>
      <ol class="time">
        {attempts.toReversed().map((attempt) => (
          <Attempt view={view} clock={clock} attempt={attempt} />
        ))}
      </ol>
    </section>
  );
}

interface AttemptItemView {
  readonly view: DevelopersView;
  readonly clock: Clock;
  readonly attempt: AttemptView;
}

function Attempt({ view: { shell }, clock, attempt }: AttemptItemView): Child {
  const { language } = shell;
  const texts = deliveryTexts[language];
  const { number, at, statusCode, durationMs, error } = attempt;
  const tone = meaningOf(attempt) === 'delivered' ? 'ok' : 'bad';
  const seconds = (durationMs / 1000).toLocaleString(tagOf(language), { maximumFractionDigits: 2 });
  return (
    <li class={tone}>
      <div class="stack tight">
        <p>
          <strong>{texts.attempt(number)}</strong> <Badge tone={tone}>{statusCode ?? texts.noAnswer}</Badge>
        </p>
        <p class="soft">
          <When clock={clock} at={at} day /> {secondText(clock, at)}, {texts.after(`${seconds} s`)}
        </p>
        {error !== null && <p class="mono">{error}</p>}
        {statusCode !== null && <Answer view={{ shell }} attempt={attempt} />}
      </div>
    </li>
  );
}

function Answer({ view: { shell }, attempt }: { view: Pick<DevelopersView, 'shell'>; attempt: AttemptView }): Child {
  const { language } = shell;
  const texts = deliveryTexts[language];
  const text = attempt.responseBody ?? '';
  if (text === '') return <p class="soft">{texts.emptyAnswer}</p>;
  return (
    <div class="stack tight">
      <Code
        language={language}
        id={`answer-${attempt.number}`}
        label={texts.answer(attempt.number)}
        code={text.slice(0, SHOWN)}
      />
      {text.length > SHOWN && <small>{texts.cut(SHOWN.toLocaleString(tagOf(language)))}</small>}
    </div>
  );
}

/** What was sent: the headers, and the body in a form to read. */
function Sent({ view: { shell }, found }: { view: DevelopersView; found: FoundDelivery }): Child {
  const { language } = shell;
  const texts = deliveryTexts[language];
  const { delivery, endpoint, body } = found;
  return (
    <section class="stack">
      {endpoint && (
        <div class="stack tight">
          <Code
            language={language}
            id="headers"
            label={texts.weSent}
            code={headersText(endpoint.url, delivery.eventId)}
          />
          <small>{texts.headersHint}</small>
        </div>
      )}
      {body === null ? (
        <p class="soft">{texts.bodyGone}</p>
      ) : (
        <div class="stack tight">
          <Code language={language} id="body" label={texts.weSentBody} code={prettyJson(body)} />
          <small>{texts.bodyHint}</small>
        </div>
      )}
    </section>
  );
}

/** The request line and the headers. The signatures are not stored. */
function headersText(url: string, eventId: string): string {
  const { pathname, search, host } = new URL(url);
  const own = Object.entries(WEBHOOK_HEADERS).map(([name, value]) => `${name}: ${value}`);
  return [
    `POST ${pathname}${search} HTTP/1.1`,
    `Host: ${host}`,
    ...own,
    `webhook-id: ${eventId}`,
    'webhook-timestamp: <unix seconds>',
    'webhook-signature: v1,<base64>',
    'Softsolz-Signature: t=<unix seconds>,v1=<hex>',
  ].join('\n');
}
