import type { Child } from 'hono/jsx';
import { mayGrantScopes, type Role } from '../../../core/rights.ts';
import { SCOPES, SERVICE_WILDCARD } from '../../../core/scopes.ts';
import type { ApiKey } from '../../../db/api-keys.ts';
import type { SecretKeyView } from '../../../domain/keys/queries.ts';
import { curlOf } from '../../pages/curl.tsx';
import { Field } from '../../pages/field.tsx';
import type { PageNode } from '../../pages/layout.tsx';
import { Code, CodeLine, Notice } from '../../pages/parts.tsx';
import { type Clock, tagOf } from '../../time.ts';
import { Choice } from '../choice.tsx';
import { type DevelopersView, developersPath, FaultyForm, PartScreen, RiskScreen } from '../frame.tsx';
import { developersTexts } from '../texts.ts';
import { backToKeys, Used } from './key-list-page.tsx';
import { scopeTexts } from './scope-texts.ts';
import { MAX_RATE_PER_MINUTE, type SecretKeyFault, type SecretKeyForm } from './secret-key-form.ts';
import { keyTexts } from './texts.ts';

interface NewKeyView {
  readonly view: DevelopersView;
  readonly role: Role;
  readonly form: SecretKeyForm;
  readonly faults?: readonly SecretKeyFault[];
  /** True: the form asked for scopes that the person may not give. */
  readonly isRefused?: boolean;
}

/** The form for a secret key. */
export function newSecretKeyPage({ view, role, form, faults = [], isRefused = false }: NewKeyView): PageNode {
  const { shell } = view;
  const texts = keyTexts[shell.language];
  const most = MAX_RATE_PER_MINUTE.toLocaleString(tagOf(shell.language));
  const faultOf = (member: SecretKeyFault, text: string) => (faults.includes(member) ? text : null);
  return (
    <PartScreen view={view} title={texts.newTitle} back={backToKeys(view)}>
      {faults.length > 0 && <FaultyForm shell={shell} />}
      {isRefused && <Notice tone="bad">{texts.refusedScopes}</Notice>}
      <form class="card stack" action={developersPath(shell, 'keys')} method="post">
        <input type="hidden" name="form" value={form.formId} />
        <Field
          id="name"
          label={texts.name}
          hint={texts.nameHint}
          fault={faultOf('name', texts.nameFault)}
          input={{ value: form.name, required: true, maxlength: 100, autocomplete: 'off' }}
        />
        <ScopeChoices view={view} role={role} form={form} fault={faultOf('scopes', texts.scopesFault)} />
        <Field
          id="rate"
          label={texts.rate}
          hint={texts.rateHint(most)}
          fault={faultOf('rate', texts.rateFault(most))}
          input={{ value: form.rate, inputmode: 'numeric', required: true, autocomplete: 'off' }}
        />
        <div class="row">
          <button class="btn main" type="submit">
            {texts.makeKey}
          </button>
          <a class="btn" href={developersPath(shell, 'keys')}>
            {developersTexts[shell.language].cancel}
          </a>
        </div>
      </form>
    </PartScreen>
  );
}

interface ScopesView {
  readonly view: DevelopersView;
  readonly role: Role;
  readonly form: SecretKeyForm;
  readonly fault: string | null;
}

function ScopeChoices({ view: { shell }, role, form, fault }: ScopesView): Child {
  const texts = keyTexts[shell.language];
  const may = (scope: string) => mayGrantScopes(role, shell.mode, [scope]);
  const choose = (access: 'all' | 'some', isAll: boolean, isDisabled: boolean, text: string) => (
    <Choice
      type="radio"
      name="access"
      value={access}
      isChosen={form.access === access}
      isDisabled={isDisabled}
      isAll={isAll}
    >
      {text}
      {isAll && <small class="mono">{SERVICE_WILDCARD}</small>}
      {isDisabled && <small>{texts.ownersOnly}</small>}
    </Choice>
  );
  return (
    <fieldset class={fault === null ? 'field' : 'field bad'}>
      <legend>{texts.thisKeyMay}</legend>
      {fault !== null && <p class="error">{fault}</p>}
      {choose('all', true, !may(SERVICE_WILDCARD), texts.all)}
      {choose('some', false, false, texts.some)}
      <div class="picks cols">
        {SCOPES.map((scope) => (
          <Choice
            type="checkbox"
            name="scope"
            value={scope}
            isChosen={form.ticked.includes(scope)}
            isDisabled={!may(scope)}
          >
            {scopeTexts[shell.language][scope]}
            <small class="mono">{scope}</small>
            {!may(scope) && <small>{texts.ownersOnly}</small>}
          </Choice>
        ))}
      </div>
    </fieldset>
  );
}

interface MadeView {
  readonly view: DevelopersView;
  readonly made: ApiKey;
  /** null: the form came again, and the key is not shown a second time. */
  readonly secret: string | null;
}

/** What follows the form: the key, shown this once, and how to try it. */
export function madeSecretKeyPage({ view, made, secret }: MadeView): PageNode {
  const { shell, publicUrl } = view;
  const { language } = shell;
  const texts = keyTexts[language];
  if (secret === null) {
    return (
      <PartScreen view={view} title={texts.repeatedTitle} back={backToKeys(view)}>
        <Notice tone="warn">{texts.repeated}</Notice>
        <p>
          {made.name}{' '}
          <span class="mono soft">
            {made.prefix}…{made.last4}
          </span>
        </p>
      </PartScreen>
    );
  }
  return (
    <PartScreen view={view} title={texts.freshTitle(made.name)} back={backToKeys(view)}>
      <section class="card stack">
        <Notice tone="warn">{texts.once}</Notice>
        <CodeLine language={language} id="key" label={texts.theKey} code={secret} />
        <Code language={language} id="curl" label={texts.tryIt} code={curlOf(publicUrl, tryOf(made), secret)} />
        <div class="row">
          <a class="btn main" href={developersPath(shell, 'keys')}>
            {texts.toKeys}
          </a>
        </div>
      </section>
    </PartScreen>
  );
}

/** A request that changes nothing, which a key with each scope may make. */
const TRIES: readonly (readonly [scope: string, path: string])[] = [
  [SERVICE_WILDCARD, '/payment-links?limit=1'],
  ['service.payments.links.read', '/payment-links?limit=1'],
  ['service.payments.payments.read', '/payments?limit=1'],
  ['service.payments.webhooks.read', '/events?limit=1'],
  ['service.payments.profile.read', '/profile'],
  ['service.payments.account.read', '/account'],
  ['service.payments.keys.write', '/public-keys?limit=1'],
];

/** A key that may read nothing is tried with a request that is refused for its scope, and shows that the key is known. */
function tryOf({ scopes }: ApiKey): { readonly path: string } {
  return { path: TRIES.find(([scope]) => scopes.includes(scope))?.[1] ?? '/payment-links?limit=1' };
}

interface RevokeView {
  readonly view: DevelopersView;
  readonly clock: Clock;
  readonly found: SecretKeyView;
}

/** Asks before a secret key is revoked, and says when it was last used. */
export function revokeSecretKeyPage({ view, clock, found }: RevokeView): PageNode {
  const texts = keyTexts[view.shell.language];
  const { id, name, prefix, last4, lastUsedAt } = found;
  const use = { unknown: texts.useUnknown, never: texts.neverUsed };
  return (
    <RiskScreen
      view={view}
      title={texts.revokeTitle(name)}
      back={backToKeys(view)}
      action={`keys/${id}/revoke`}
      button={texts.revokeButton}
    >
      <p class="mono">
        {prefix}…{last4}
      </p>
      <p>
        {typeof lastUsedAt === 'number' ? (
          <>
            {texts.usedAt}{' '}
            <strong>
              <Used clock={clock} at={lastUsedAt} />
            </strong>
          </>
        ) : (
          <strong>{use[lastUsedAt ?? 'never']}</strong>
        )}
      </p>
      <p>{texts.revokeText}</p>
    </RiskScreen>
  );
}
