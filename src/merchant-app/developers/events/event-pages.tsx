import type { Child } from 'hono/jsx';
import type { Page } from '../../../core/paging.ts';
import type { DeliveryOfEvent } from '../../../db/event-deliveries.ts';
import type { ListedEvent } from '../../../db/event-lists.ts';
import { EVENT_TYPES } from '../../../domain/webhooks/event-types.ts';
import { Curl } from '../../pages/curl.tsx';
import { Field, Select } from '../../pages/field.tsx';
import type { PageNode } from '../../pages/layout.tsx';
import { Code, Empty, NextPage, prettyJson, When } from '../../pages/parts.tsx';
import { Cell, ListCard, Row, Table } from '../../pages/table.tsx';
import { pathOf } from '../../paths.ts';
import type { Clock } from '../../time.ts';
import { eventTypeTexts } from '../event-type-texts.ts';
import { type DevelopersView, developersPath, PartScreen, TabScreen } from '../frame.tsx';
import { deliveryTexts } from '../webhooks/delivery-texts.ts';
import { shortUrl } from '../webhooks/endpoint-list-page.tsx';
import { StatusBadge } from '../webhooks/endpoint-page.tsx';
import { summaryOf } from './event-body.ts';
import { type AskedEvents, apiPath, pageQuery } from './event-filter.ts';
import { eventTexts } from './texts.ts';

interface ListView {
  readonly view: DevelopersView;
  readonly clock: Clock;
  readonly asked: AskedEvents;
  readonly events: Page<ListedEvent>;
}

/** The events of a workspace. */
export function eventListPage({ view, clock, asked, events }: ListView): PageNode {
  const { shell } = view;
  const texts = eventTexts[shell.language];
  const { items, nextCursor } = events;
  const next = nextCursor === null ? null : developersPath(shell, `events?${pageQuery(asked, nextCursor)}`);
  const columns = [
    { text: texts.type, kind: 'a full mono' },
    { text: texts.about, kind: 'full soft' },
    { text: texts.happened, kind: 'full soft' },
  ];
  return (
    <TabScreen view={view} tab="events">
      <Filters view={view} asked={asked} />
      <ListCard title={texts.events} intro={texts.intro}>
        {items.length === 0 ? (
          <Empty title={texts.noneTitle} text={next === null ? texts.none : texts.noneInRange} />
        ) : (
          <Table caption={texts.events} columns={columns}>
            {items.map((event) => (
              <EventRow view={view} clock={clock} event={event} />
            ))}
          </Table>
        )}
      </ListCard>
      <NextPage language={shell.language} href={next} />
      <Curl view={view} request={{ path: apiPath(asked) }} scope="service.payments.webhooks.read" />
    </TabScreen>
  );
}

function Filters({ view: { shell }, asked }: Pick<ListView, 'view' | 'asked'>): Child {
  const texts = eventTexts[shell.language];
  const types = EVENT_TYPES.map((type) => ({ value: type, text: type }));
  return (
    <section class="card filters">
      <form action={developersPath(shell, 'events')} method="get">
        <Select
          id="type"
          label={texts.type}
          value={asked.type ?? ''}
          options={[{ value: '', text: texts.every }, ...types]}
        />
        <Field
          id="from"
          label={texts.from}
          fault={null}
          input={{ type: 'datetime-local', value: asked.after === null ? '' : asked.from }}
        />
        <Field
          id="until"
          label={texts.until}
          fault={null}
          input={{ type: 'datetime-local', value: asked.before === null ? '' : asked.until }}
        />
        <button class="btn" type="submit">
          {texts.filter}
        </button>
      </form>
    </section>
  );
}

interface RowView {
  readonly view: DevelopersView;
  readonly clock: Clock;
  readonly event: ListedEvent;
}

function EventRow({ view: { shell }, clock, event }: RowView): Child {
  const { type, knownType, paymentId } = summaryOf(event);
  const texts = eventTexts[shell.language];
  return (
    <Row>
      <Cell kind="a full mono">
        <a class="go" href={developersPath(shell, `events/${event.id}`)}>
          {type}
        </a>
      </Cell>
      <Cell kind="full soft">
        {knownType !== null && eventTypeTexts[shell.language][knownType]}
        {paymentId !== null && ` ${texts.payment(paymentId)}`}
      </Cell>
      <Cell kind="full soft">
        <When clock={clock} at={event.createdAt} />
      </Cell>
    </Row>
  );
}

interface EventView extends RowView {
  readonly deliveries: readonly DeliveryOfEvent[];
}

/** One event: what it says, the payment that it belongs to, and its deliveries. */
export function eventPage({ view, clock, event, deliveries }: EventView): PageNode {
  const { shell } = view;
  const { language } = shell;
  const texts = eventTexts[language];
  const { type, knownType, paymentId } = summaryOf(event);
  return (
    <PartScreen view={view} title={type} back={{ to: 'events', text: texts.events }}>
      <section class="card">
        <dl>
          {knownType !== null && (
            <>
              <dt>{texts.meaning}</dt>
              <dd>{eventTypeTexts[language][knownType]}</dd>
            </>
          )}
          {paymentId !== null && (
            <>
              <dt>{texts.about}</dt>
              <dd>
                <a href={pathOf(shell, `payments/${paymentId}`)}>{texts.payment(paymentId)}</a>
              </dd>
            </>
          )}
          <dt>{texts.happened}</dt>
          <dd>
            <When clock={clock} at={event.createdAt} />
          </dd>
          <dt>{texts.eventId}</dt>
          <dd class="mono">{event.id}</dd>
        </dl>
      </section>
      <DeliveriesOfEvent view={view} deliveries={deliveries} />
      <Code language={language} id="body" label={texts.body} code={prettyJson(event.body)} />
      <Curl view={view} request={{ path: `/events/${event.id}` }} scope="service.payments.webhooks.read" />
    </PartScreen>
  );
}

function DeliveriesOfEvent({ view: { shell }, deliveries }: Pick<EventView, 'view' | 'deliveries'>): Child {
  const texts = eventTexts[shell.language];
  return (
    <ListCard title={texts.deliveries} intro={deliveries.length === 0 ? texts.noDeliveries : texts.deliveriesIntro}>
      <ul class="list">
        {deliveries.map(({ id, status, attemptCount, endpointUrl }) => (
          <li>
            <div>
              <a class="go" href={developersPath(shell, `deliveries/${id}`)}>
                {endpointUrl === null ? texts.deletedEndpoint : shortUrl(endpointUrl)}
              </a>
              <small>{attemptCount === 0 ? deliveryTexts[shell.language].noTry : texts.tries(attemptCount)}</small>
            </div>
            <StatusBadge language={shell.language} status={status} isTried={attemptCount > 0} />
          </li>
        ))}
      </ul>
    </ListCard>
  );
}
