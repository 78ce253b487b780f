import type { Child } from 'hono/jsx';
import type { Page } from '../../../core/paging.ts';
import { SERVICE_WILDCARD } from '../../../core/scopes.ts';
import type { ApiKey } from '../../../db/api-keys.ts';
import type { SecretKeyView } from '../../../domain/keys/queries.ts';
import { Curl } from '../../pages/curl.tsx';
import { Icon } from '../../pages/icons.tsx';
import type { PageNode } from '../../pages/layout.tsx';
import { Badge, Empty, NextPage, Tag, When } from '../../pages/parts.tsx';
import { Cell, ListCard, Row, Table } from '../../pages/table.tsx';
import { type Clock, tagOf } from '../../time.ts';
import { type DevelopersView, developersPath, TabScreen } from '../frame.tsx';
import { developersTexts } from '../texts.ts';
import { publicKeyTexts } from './public-key-texts.ts';
import { keyTexts } from './texts.ts';

interface KeyListView {
  readonly view: DevelopersView;
  readonly clock: Clock;
  readonly secretKeys: Page<SecretKeyView>;
  readonly publicKeys: readonly ApiKey[];
  readonly mayWrite: boolean;
  readonly withRevoked: boolean;
}

/** What a key of either kind has. */
type ListedKey = Pick<ApiKey, 'name' | 'prefix' | 'last4' | 'revokedAt'>;

/** All keys of a workspace. */
export function keyListPage(list: KeyListView): PageNode {
  const { view, secretKeys, withRevoked } = list;
  const { shell } = view;
  const texts = keyTexts[shell.language];
  const { nextCursor } = secretKeys;
  const older = new URLSearchParams({ ...(withRevoked && { revoked: 'shown' }), cursor: nextCursor ?? '' });
  return (
    <TabScreen view={view} tab="keys">
      <SecretKeys {...list} />
      <PublicKeys {...list} />
      <NextPage language={shell.language} href={nextCursor === null ? null : developersPath(shell, `keys?${older}`)} />
      <p>
        <a href={developersPath(shell, withRevoked ? 'keys' : 'keys?revoked=shown')}>
          {withRevoked ? texts.hideRevoked : texts.showRevoked}
        </a>
      </p>
      <Curl view={view} request={{ path: '/public-keys' }} scope="service.payments.keys.write" />
    </TabScreen>
  );
}

/** The way back from a page of a key to this list. */
export const backToKeys = ({ shell }: DevelopersView) => ({
  to: 'keys',
  text: developersTexts[shell.language].tabs.keys,
});

/** The keys in force, then those that are revoked, if they are shown. */
function shownKeys<Key extends ListedKey>(keys: readonly Key[], withRevoked: boolean): Key[] {
  const isInForce = ({ revokedAt }: Key) => revokedAt === null;
  return [...keys.filter(isInForce), ...(withRevoked ? keys.filter((key) => !isInForce(key)) : [])];
}

interface NewButtonView {
  readonly view: DevelopersView;
  readonly to: string;
  readonly text: string;
  readonly isMain?: boolean;
}

/** The button of a list that leads to the form for a new row. */
function NewButton({ view: { shell }, to, text, isMain = false }: NewButtonView): Child {
  return (
    <a class={isMain ? 'btn main' : 'btn'} href={developersPath(shell, to)}>
      <Icon name="add" />
      {text}
    </a>
  );
}

function SecretKeys({ view, clock, secretKeys, mayWrite, withRevoked }: KeyListView): Child {
  const { language } = view.shell;
  const texts = keyTexts[language];
  const shown = shownKeys(secretKeys.items, withRevoked);
  const columns = [
    { text: texts.name, kind: 'a' },
    { text: texts.may, kind: 'full' },
    { text: texts.lastUsed, kind: 'soft' },
    { text: texts.created, kind: 'e soft' },
    { text: developersTexts[language].actions, kind: 'z', isHidden: true },
  ];
  return (
    <ListCard
      title={texts.secretKeys}
      intro={texts.secretIntro}
      action={mayWrite && <NewButton view={view} to="keys/new" text={texts.create} isMain />}
    >
      {shown.length === 0 ? (
        <Empty title={texts.noneTitle} text={mayWrite ? texts.none : `${texts.none} ${texts.nobodyYet}`} />
      ) : (
        <Table caption={texts.secretKeys} columns={columns}>
          {shown.map((one) => (
            <SecretKeyRow view={view} clock={clock} mayWrite={mayWrite} row={one} />
          ))}
        </Table>
      )}
    </ListCard>
  );
}

interface RowView<Key> {
  readonly view: DevelopersView;
  readonly clock: Clock;
  readonly mayWrite: boolean;
  readonly row: Key;
}

function SecretKeyRow({ view, clock, mayWrite, row: key }: RowView<SecretKeyView>): Child {
  const { shell } = view;
  const texts = keyTexts[shell.language];
  const revoke = { href: developersPath(shell, `keys/${key.id}/revoke`), text: texts.revoke, tone: 'bad' };
  return (
    <Row>
      <NameCell listed={key} />
      <Cell kind="full">
        <Tags texts={key.scopes.map((scope) => scopeName(scope, texts.everything))} />
        <small>{texts.perMinute(key.rateLimitPerMinute.toLocaleString(tagOf(shell.language)))}</small>
      </Cell>
      <Cell kind="soft" label={texts.lastUsed}>
        <Used clock={clock} at={key.lastUsedAt} />
      </Cell>
      <Cell kind="e soft" label={texts.created}>
        <When clock={clock} at={key.createdAt} day />
      </Cell>
      <Cell kind="z">
        <KeyAction listed={key} revoked={texts.revoked} action={mayWrite ? revoke : null} />
      </Cell>
    </Row>
  );
}

function scopeName(scope: string, everything: string): string {
  return scope === SERVICE_WILDCARD ? everything : scope.replace('service.payments.', '');
}

function NameCell({ listed }: { listed: ListedKey }): Child {
  return (
    <Cell kind="a">
      {listed.name}
      <small class="mono">
        {listed.prefix}…{listed.last4}
      </small>
    </Cell>
  );
}

interface ActionView {
  readonly listed: ListedKey;
  readonly revoked: string;
  /** null: the person may do nothing with it. */
  readonly action: { readonly href: string; readonly text: string; readonly tone: string } | null;
}

function KeyAction({ listed, revoked, action }: ActionView): Child {
  if (listed.revokedAt !== null) return <Badge tone="plain">{revoked}</Badge>;
  if (action === null) return null;
  return (
    <a class={`btn bare ${action.tone}`} href={action.href}>
      {action.text}
      <span class="vh"> {listed.name}</span>
    </a>
  );
}

function Tags({ texts }: { texts: readonly string[] }): Child {
  return (
    <span class="row tight">
      {texts.map((text) => (
        <Tag>{text}</Tag>
      ))}
    </span>
  );
}

/** When a secret key was last used, in words. */
export function Used({ clock, at }: { clock: Clock; at: SecretKeyView['lastUsedAt'] }): Child {
  const texts = developersTexts[clock.language];
  if (typeof at === 'number') return <When clock={clock} at={at} />;
  return <span>{at === null ? texts.never : texts.unknown}</span>;
}

function PublicKeys({ view, clock, publicKeys, mayWrite, withRevoked }: KeyListView): Child {
  const { language } = view.shell;
  const texts = publicKeyTexts[language];
  const shown = shownKeys(publicKeys, withRevoked);
  const columns = [
    { text: keyTexts[language].name, kind: 'a' },
    { text: texts.worksOn, kind: 'full' },
    { text: keyTexts[language].created, kind: 'soft' },
    { text: developersTexts[language].actions, kind: 'z', isHidden: true },
  ];
  return (
    <ListCard
      title={texts.title}
      intro={texts.intro}
      action={mayWrite && <NewButton view={view} to="public-keys/new" text={texts.create} />}
    >
      {shown.length === 0 ? (
        <Empty title={texts.noneTitle} text={texts.none} />
      ) : (
        <Table caption={texts.title} columns={columns}>
          {shown.map((key) => (
            <PublicKeyRow view={view} clock={clock} mayWrite={mayWrite} row={key} />
          ))}
        </Table>
      )}
    </ListCard>
  );
}

function PublicKeyRow({ view: { shell }, clock, mayWrite, row: key }: RowView<ApiKey>): Child {
  const texts = keyTexts[shell.language];
  const edit = {
    href: developersPath(shell, `public-keys/${key.id}`),
    text: publicKeyTexts[shell.language].edit,
    tone: '',
  };
  return (
    <Row>
      <NameCell listed={key} />
      <Cell kind="full">
        <Tags texts={key.allowedOrigins} />
      </Cell>
      <Cell kind="soft" label={texts.created}>
        <When clock={clock} at={key.createdAt} day />
      </Cell>
      <Cell kind="z">
        <KeyAction listed={key} revoked={texts.revoked} action={mayWrite ? edit : null} />
      </Cell>
    </Row>
  );
}
