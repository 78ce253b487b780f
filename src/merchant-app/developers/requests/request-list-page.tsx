import type { Child } from 'hono/jsx';
import { API_PATH } from '../../../core/urls.ts';
import type { NamedRequest } from '../../../domain/keys/queries.ts';
import { Curl } from '../../pages/curl.tsx';
import type { PageNode } from '../../pages/layout.tsx';
import { Badge, Empty, type Tone, When } from '../../pages/parts.tsx';
import { Cell, ListCard, Row, Table } from '../../pages/table.tsx';
import { type Clock, secondText } from '../../time.ts';
import { type DevelopersView, developersPath, TabScreen } from '../frame.tsx';
import { codeTexts, requestTexts } from './texts.ts';

interface RequestsView {
  readonly view: DevelopersView;
  readonly clock: Clock;
  readonly requests: readonly NamedRequest[];
}

/** The last requests with secret keys. */
export function requestListPage({ view, clock, requests }: RequestsView): PageNode {
  const { shell } = view;
  const texts = requestTexts[shell.language];
  const columns = [
    { text: texts.request, kind: 'a mono' },
    { text: texts.key, kind: 'full soft' },
    { text: texts.when, kind: 'soft' },
    { text: texts.answer, kind: 'z' },
  ];
  const reload = (
    <a class="btn" href={developersPath(shell, 'requests')}>
      {texts.reload}
    </a>
  );
  return (
    <TabScreen view={view} tab="requests">
      <ListCard title={texts.title} intro={texts.intro} action={reload}>
        {requests.length === 0 ? (
          <Empty title={texts.noneTitle} text={texts.none} />
        ) : (
          <Table caption={texts.title} columns={columns}>
            {requests.map((request) => (
              <RequestRow view={view} clock={clock} request={request} />
            ))}
          </Table>
        )}
      </ListCard>
      <section class="stack tight">
        <Curl view={view} request={{ path: '/payment-links?limit=1' }} scope="service.payments.links.read" />
        <small>{texts.curlHint}</small>
      </section>
    </TabScreen>
  );
}

interface RowView {
  readonly view: DevelopersView;
  readonly clock: Clock;
  readonly request: NamedRequest;
}

function RequestRow({ view: { shell }, clock, request }: RowView): Child {
  const { language } = shell;
  const texts = requestTexts[language];
  const { at, method, route, status, code, keyName, requestId } = request;
  const known: Readonly<Record<string, string>> = codeTexts[language];
  const help = code === null ? undefined : known[code];
  return (
    <Row>
      <Cell kind="a mono">
        {method} {route.replace(API_PATH, '')}
        {code !== null && <small>{code}</small>}
      </Cell>
      <Cell kind="full soft">
        {keyName ?? texts.unknownKey}
        {help !== undefined && <small>{help}</small>}
        <small class="mono">
          <span class="vh">{texts.requestId} </span>
          {requestId}
        </small>
      </Cell>
      <Cell kind="soft">
        <When clock={clock} at={at} day /> {secondText(clock, at)}
      </Cell>
      <Cell kind="z">
        <Badge tone={toneOf(status)}>{status ?? texts.open}</Badge>
      </Cell>
    </Row>
  );
}

function toneOf(status: number | null): Tone {
  if (status === null) return 'plain';
  if (status >= 500) return 'bad';
  return status >= 400 ? 'warn' : 'ok';
}
