import type { Child } from 'hono/jsx';
import { newFormId } from '../../../core/ids.ts';
import type { Page } from '../../../core/paging.ts';
import type { DeliveryView } from '../../../db/deliveries.ts';
import { DELIVERY_STATUSES } from '../../../db/schema.ts';
import type { WebhookEndpoint } from '../../../db/webhook-endpoints.ts';
import { Curl } from '../../pages/curl.tsx';
import type { PageNode } from '../../pages/layout.tsx';
import { Badge, Empty, NextPage, Notice, Tabs, type Tone, When } from '../../pages/parts.tsx';
import { Cell, ListCard, Row, Table } from '../../pages/table.tsx';
import { type Clock, tagOf } from '../../time.ts';
import { type DevelopersView, developersPath, PartScreen } from '../frame.tsx';
import { deliveryTexts } from './delivery-texts.ts';
import { eventsText, shortUrl } from './endpoint-list-page.tsx';
import { disabledReasonText, endpointTexts } from './texts.ts';

type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** What was just done with the endpoint. */
export interface Done {
  readonly what: 'queued' | 'enabled' | 'saved';
  readonly count: number;
}

interface EndpointView {
  readonly view: DevelopersView;
  readonly clock: Clock;
  readonly endpoint: WebhookEndpoint;
  readonly deliveries: Page<DeliveryView>;
  /** null: of every state. */
  readonly status: DeliveryStatus | null;
  readonly done: Done | null;
  readonly mayWrite: boolean;
}

/** One endpoint with its deliveries. */
export function endpointPage(page: EndpointView): PageNode {
  const { view, clock, endpoint, done, mayWrite } = page;
  const { language } = view.shell;
  const texts = endpointTexts[language];
  const path = `/webhook-endpoints/${endpoint.id}/deliveries`;
  return (
    <PartScreen view={view} title={shortUrl(endpoint.url)} back={{ to: 'webhooks', text: texts.endpoints }}>
      {done !== null && <DoneNotice view={view} done={done} />}
      <StateNotice view={view} clock={clock} endpoint={endpoint} />
      <section class="card stack">
        <dl>
          <dt>{texts.events}</dt>
          <dd>{endpoint.events.includes('*') ? eventsText(endpoint.events, texts) : endpoint.events.join(', ')}</dd>
          {endpoint.description !== null && (
            <>
              <dt>{texts.description}</dt>
              <dd>{endpoint.description}</dd>
            </>
          )}
          <dt>{texts.created}</dt>
          <dd>
            <When clock={clock} at={endpoint.createdAt} />
          </dd>
        </dl>
        {mayWrite && <Actions view={view} endpoint={endpoint} />}
      </section>
      <Deliveries {...page} />
      <Curl
        view={view}
        request={{ path: page.status === null ? path : `${path}?status=${page.status}` }}
        scope="service.payments.webhooks.read"
      />
    </PartScreen>
  );
}

function DoneNotice({ view: { shell }, done: { what, count } }: { view: DevelopersView; done: Done }): Child {
  const texts = endpointTexts[shell.language];
  const number = count.toLocaleString(tagOf(shell.language));
  return <Notice tone="ok">{what === 'saved' ? texts.saved : texts[what](number)}</Notice>;
}

type StateView = Pick<EndpointView, 'view' | 'clock' | 'endpoint'>;

function StateNotice({ view: { shell }, clock, endpoint }: StateView): Child {
  const texts = endpointTexts[shell.language];
  const { status, disabledReason, failingSince } = endpoint;
  if (status === 'disabled') {
    return (
      <Notice tone="warn">
        {disabledReasonText(shell.language, disabledReason)} {texts.offMeans}
      </Notice>
    );
  }
  if (failingSince === null) return null;
  return (
    <Notice tone="bad">
      {texts.failingSince} <When clock={clock} at={failingSince} />. {texts.failingMeans}
    </Notice>
  );
}

function Actions({ view: { shell }, endpoint }: Pick<EndpointView, 'view' | 'endpoint'>): Child {
  const texts = endpointTexts[shell.language];
  const to = (rest: string) => developersPath(shell, `webhooks/${endpoint.id}/${rest}`);
  const isOn = endpoint.status === 'enabled';
  const link = (rest: string, text: string, tone = '') => (
    <a class={`btn ${tone}`.trim()} href={to(rest)}>
      {text}
    </a>
  );
  const send = (rest: string, text: string, kind: string) => (
    <form action={to(rest)} method="post">
      {rest === 'ping' && <input type="hidden" name="form" value={newFormId()} />}
      <button class={`btn ${kind}`.trim()} type="submit">
        {text}
      </button>
    </form>
  );
  return (
    <div class="row">
      {isOn ? send('ping', texts.ping, 'main') : send('enable', texts.enable, 'main')}
      {isOn && link('replay', texts.replay)}
      {link('edit', texts.edit)}
      {link('rotate', texts.rotate)}
      {isOn && send('disable', texts.disable, '')}
      {link('delete', texts.remove, 'bad')}
    </div>
  );
}

function Deliveries({ view, clock, endpoint, deliveries, status }: EndpointView): Child {
  const { shell } = view;
  const texts = deliveryTexts[shell.language];
  const path = developersPath(shell, `webhooks/${endpoint.id}`);
  const tabs = [null, ...DELIVERY_STATUSES].map((state) => ({
    href: state === null ? path : `${path}?status=${state}`,
    text: state === null ? texts.all : texts.states[state],
    isCurrent: state === status,
  }));
  const { items, nextCursor } = deliveries;
  const next = new URLSearchParams({ ...(status === null ? {} : { status }), cursor: nextCursor ?? '' });
  const columns = [
    { text: texts.event, kind: 'a' },
    { text: texts.tries, kind: 'full soft' },
    { text: texts.happened, kind: 'soft' },
    { text: texts.state, kind: 'z' },
  ];
  return (
    <>
      <ListCard title={texts.deliveries} intro={texts.intro}>
        <div class="pad">
          <Tabs label={texts.show} tabs={tabs} />
        </div>
        {items.length === 0 ? (
          <Empty title={texts.noneTitle} text={texts.none} />
        ) : (
          <Table caption={texts.deliveries} columns={columns}>
            {items.map((delivery) => (
              <DeliveryRow view={view} clock={clock} delivery={delivery} />
            ))}
          </Table>
        )}
      </ListCard>
      <NextPage language={shell.language} href={nextCursor === null ? null : `${path}?${next}`} />
    </>
  );
}

interface RowView {
  readonly view: DevelopersView;
  readonly clock: Clock;
  readonly delivery: DeliveryView;
}

function DeliveryRow({ view: { shell }, clock, delivery }: RowView): Child {
  const texts = deliveryTexts[shell.language];
  const { id, eventType, attempts, attemptCount, createdAt, status } = delivery;
  const last = attempts.at(-1);
  return (
    <Row>
      <Cell kind="a mono">
        <a class="go" href={developersPath(shell, `deliveries/${id}`)}>
          {eventType ?? texts.deletedEvent}
        </a>
      </Cell>
      <Cell kind="full soft">
        {last ? texts.lastTry(attemptCount, last.statusCode?.toString() ?? texts.noAnswer) : texts.noTry}
      </Cell>
      <Cell kind="soft">
        <When clock={clock} at={createdAt} />
      </Cell>
      <Cell kind="z">
        <StatusBadge language={shell.language} status={status} isTried={attempts.length > 0} />
      </Cell>
    </Row>
  );
}

interface StatusView {
  readonly language: DevelopersView['shell']['language'];
  readonly status: DeliveryStatus;
  /** Whether an attempt was made. */
  readonly isTried: boolean;
}

/** The state of a delivery, in a word. */
export function StatusBadge({ language, status, isTried }: StatusView): Child {
  const tones = { succeeded: 'ok', failed: 'bad', pending: isTried ? 'warn' : 'plain' } as const satisfies Record<
    DeliveryStatus,
    Tone
  >;
  return <Badge tone={tones[status]}>{deliveryTexts[language].states[status]}</Badge>;
}
