import type { Child } from 'hono/jsx';
import type { readEndpoints } from '../../../domain/webhooks/queries.ts';
import { Curl } from '../../pages/curl.tsx';
import { Icon } from '../../pages/icons.tsx';
import type { PageNode } from '../../pages/layout.tsx';
import { Badge, Empty, type Tone, When } from '../../pages/parts.tsx';
import { Cell, ListCard, Row, Table } from '../../pages/table.tsx';
import type { Clock } from '../../time.ts';
import { type DevelopersView, developersPath, TabScreen } from '../frame.tsx';
import { developersTexts } from '../texts.ts';
import { endpointTexts } from './texts.ts';

type ListedEndpoint = Awaited<ReturnType<typeof readEndpoints>>[number];

interface ListView {
  readonly view: DevelopersView;
  readonly clock: Clock;
  readonly endpoints: readonly ListedEndpoint[];
  readonly mayWrite: boolean;
}

/** All endpoints of a workspace. */
export function endpointListPage({ view, clock, endpoints, mayWrite }: ListView): PageNode {
  const { shell } = view;
  const texts = endpointTexts[shell.language];
  const columns = [
    { text: texts.address, kind: 'a' },
    { text: texts.events, kind: 'soft' },
    { text: texts.lastDelivered, kind: 'full soft' },
    { text: texts.state, kind: 'z' },
  ];
  const add = (
    <a class="btn main" href={developersPath(shell, 'webhooks/new')}>
      <Icon name="add" />
      {texts.add}
    </a>
  );
  return (
    <TabScreen view={view} tab="webhooks">
      <ListCard title={texts.endpoints} intro={texts.intro} action={mayWrite && add}>
        {endpoints.length === 0 ? (
          <Empty title={texts.noneTitle} text={texts.none} />
        ) : (
          <Table caption={texts.endpoints} columns={columns}>
            {endpoints.map((endpoint) => (
              <EndpointRow view={view} clock={clock} endpoint={endpoint} />
            ))}
          </Table>
        )}
      </ListCard>
      <Curl view={view} request={{ path: '/webhook-endpoints' }} scope="service.payments.webhooks.read" />
    </TabScreen>
  );
}

interface RowView {
  readonly view: DevelopersView;
  readonly clock: Clock;
  readonly endpoint: ListedEndpoint;
}

function EndpointRow({ view: { shell }, clock, endpoint }: RowView): Child {
  const texts = endpointTexts[shell.language];
  const { id, url, events, description, health, lastSucceededAt } = endpoint;
  return (
    <Row>
      <Cell kind="a">
        <a class="go" href={developersPath(shell, `webhooks/${id}`)}>
          {shortUrl(url)}
        </a>
        {description !== null && <small>{description}</small>}
      </Cell>
      <Cell kind="soft" label={texts.events}>
        {eventsText(events, texts)}
      </Cell>
      <Cell kind="full soft" label={texts.lastDelivered}>
        {lastSucceededAt === null ? developersTexts[shell.language].never : <When clock={clock} at={lastSucceededAt} />}
      </Cell>
      <Cell kind="z">
        <HealthBadge language={shell.language} health={health} />
      </Cell>
    </Row>
  );
}

/** What an endpoint is sent, in words. */
export function eventsText(events: readonly string[], texts: (typeof endpointTexts)['en']): string {
  return events.includes('*') ? texts.everything : texts.kinds(events.length);
}

/** An address without `https://`, which all have. */
export function shortUrl(url: string): string {
  return url.replace(/^https:\/\//, '');
}

const TONES = { healthy: 'ok', failing: 'bad', unused: 'plain', disabled: 'warn' } as const satisfies Record<
  ListedEndpoint['health'],
  Tone
>;

interface HealthView {
  readonly language: DevelopersView['shell']['language'];
  readonly health: ListedEndpoint['health'];
}

/** The health of an endpoint, in a word. */
function HealthBadge({ language, health }: HealthView): Child {
  return <Badge tone={TONES[health]}>{endpointTexts[language].health[health]}</Badge>;
}
