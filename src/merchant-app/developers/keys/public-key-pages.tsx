import type { Child } from 'hono/jsx';
import type { ApiKey } from '../../../db/api-keys.ts';
import { Curl } from '../../pages/curl.tsx';
import { Field, TextArea } from '../../pages/field.tsx';
import type { PageNode } from '../../pages/layout.tsx';
import { Code, CodeLine, Notice } from '../../pages/parts.tsx';
import { namedKey, widgetTag } from '../../pages/widget-tag.ts';
import { type DevelopersView, developersPath, FaultyForm, PartScreen, RiskScreen } from '../frame.tsx';
import { developersTexts } from '../texts.ts';
import { backToKeys } from './key-list-page.tsx';
import type { PublicKeyFaults, PublicKeyForm } from './public-key-form.ts';
import { publicKeyTexts } from './public-key-texts.ts';

interface FormView {
  readonly view: DevelopersView;
  readonly form: PublicKeyForm;
  readonly faults: PublicKeyFaults | null;
  /** The path below developers/ that the form is sent to. */
  readonly action: string;
  readonly button: string;
}

function KeyForm({ view: { shell }, form, faults, action, button }: FormView): Child {
  const texts = publicKeyTexts[shell.language];
  const hint = shell.mode === 'sandbox' ? `${texts.originsHint} ${texts.sandboxOrigins}` : texts.originsHint;
  const origin = faults?.origin ?? null;
  const originsFault = origin === null ? texts.originsFault : texts.originFault(origin);
  return (
    <>
      {faults !== null && <FaultyForm shell={shell} />}
      <form class="card stack" action={developersPath(shell, action)} method="post">
        <input type="hidden" name="form" value={form.formId} />
        <Field
          id="name"
          label={texts.name}
          hint={texts.nameHint}
          fault={faults?.name ? texts.nameFault : null}
          input={{ value: form.name, required: true, maxlength: 100, autocomplete: 'off' }}
        />
        <TextArea
          id="origins"
          label={texts.origins}
          hint={hint}
          fault={faults?.origins ? originsFault : null}
          value={form.origins}
          input={{ rows: 4, spellcheck: 'false' }}
        />
        <div class="row">
          <button class="btn main" type="submit">
            {button}
          </button>
          <a class="btn" href={developersPath(shell, 'keys')}>
            {developersTexts[shell.language].cancel}
          </a>
        </div>
      </form>
    </>
  );
}

interface NewView {
  readonly view: DevelopersView;
  readonly form: PublicKeyForm;
  readonly faults?: PublicKeyFaults | null;
}

/** The form for a public key. */
export function newPublicKeyPage({ view, form, faults = null }: NewView): PageNode {
  const texts = publicKeyTexts[view.shell.language];
  const body = { name: 'Website', allowed_origins: ['https://shop.example.com'] };
  return (
    <PartScreen view={view} title={texts.newTitle} back={backToKeys(view)}>
      <KeyForm view={view} form={form} faults={faults} action="public-keys" button={texts.makeKey} />
      <Curl view={view} request={{ method: 'POST', path: '/public-keys', body }} scope="service.payments.keys.write" />
    </PartScreen>
  );
}

interface KeyView {
  readonly view: DevelopersView;
  readonly listed: ApiKey;
}

/** What follows the form: the key, and the tag of the widget with it. */
export function madePublicKeyPage({ view, listed, text }: KeyView & { readonly text: string }): PageNode {
  const { language } = view.shell;
  const texts = publicKeyTexts[language];
  return (
    <PartScreen view={view} title={texts.freshTitle(listed.name)} back={backToKeys(view)}>
      <section class="card stack">
        <Notice tone="warn">{texts.fresh}</Notice>
        <CodeLine language={language} id="key" label={texts.theKey} code={text} />
        <WidgetTag view={view} publicKey={text} hint={texts.tagHint} />
        <div class="row">
          <a class="btn main" href={developersPath(view.shell, 'keys')}>
            {texts.done}
          </a>
        </div>
      </section>
    </PartScreen>
  );
}

interface TagView {
  readonly view: DevelopersView;
  /** The whole key, where it is known. */
  readonly publicKey?: string;
  readonly hint: string;
}

function WidgetTag({ view: { shell, publicUrl }, publicKey, hint }: TagView): Child {
  const { language } = shell;
  const tag = widgetTag({ publicUrl, publicKey, token: 'lnk_…' });
  return (
    <div class="stack tight">
      <Code language={language} id="tag" label={publicKeyTexts[language].tag} code={tag} />
      <small>{hint}</small>
    </div>
  );
}

interface EditView extends KeyView {
  readonly form: PublicKeyForm;
  readonly faults?: PublicKeyFaults | null;
}

/** A public key: its name and its websites, to change; the tag; and the way to revoke it. */
export function editPublicKeyPage({ view, listed, form, faults = null }: EditView): PageNode {
  const { shell } = view;
  const texts = publicKeyTexts[shell.language];
  const change = { allowed_origins: listed.allowedOrigins };
  return (
    <PartScreen view={view} title={texts.editTitle(listed.name)} back={backToKeys(view)}>
      <p class="mono soft">
        {listed.prefix}…{listed.last4}
      </p>
      <KeyForm view={view} form={form} faults={faults} action={`public-keys/${listed.id}`} button={texts.save} />
      <WidgetTag view={view} hint={`${texts.tagOld(namedKey(listed))} ${texts.tagHint}`} />
      <Curl
        view={view}
        request={{ method: 'PATCH', path: `/public-keys/${listed.id}`, body: change }}
        scope="service.payments.keys.write"
      />
      <div class="row">
        <a class="btn bad" href={developersPath(shell, `public-keys/${listed.id}/revoke`)}>
          {texts.revoke}
        </a>
      </div>
    </PartScreen>
  );
}

/** Asks before a public key is revoked. */
export function revokePublicKeyPage({ view, listed }: KeyView): PageNode {
  const texts = publicKeyTexts[view.shell.language];
  return (
    <RiskScreen
      view={view}
      title={texts.revokeTitle(listed.name)}
      back={{ to: `public-keys/${listed.id}`, text: listed.name }}
      action={`public-keys/${listed.id}/revoke`}
      button={texts.revokeButton}
    >
      <p class="mono">
        {listed.prefix}…{listed.last4}
      </p>
      <p>{texts.revokeText}</p>
      <p>{listed.allowedOrigins.join(', ')}</p>
    </RiskScreen>
  );
}
