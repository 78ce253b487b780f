import type { Child } from 'hono/jsx';
import { Field } from '../pages/field.tsx';
import type { PageNode } from '../pages/layout.tsx';
import { Notice } from '../pages/parts.tsx';
import { type ShellView, WorkspaceScreen } from '../pages/shell.tsx';
import { pathOf } from '../paths.ts';
import { BUSINESS_FIELDS, type BusinessValues } from './business-form.ts';
import { type BusinessField, businessTexts } from './business-texts.ts';
import { SettingsHead } from './tabs.tsx';

interface BusinessView {
  readonly shell: ShellView;
  readonly values: BusinessValues;
  readonly faulty: readonly BusinessField[];
  /** The address of the logo. null: there is none. */
  readonly logoUrl: string | null;
  readonly isLogoFaulty: boolean;
  readonly mayChange: boolean;
  readonly isSaved: boolean;
}

const TYPES: Partial<Record<BusinessField, string>> = {
  support_email: 'email',
  support_phone: 'tel',
  website: 'url',
  terms_url: 'url',
  privacy_url: 'url',
  refund_policy_url: 'url',
};

/** The business profile of the workspace of one mode, as a form. */
export function businessPage(view: BusinessView): PageNode {
  const { shell, mayChange, isSaved } = view;
  const texts = businessTexts[shell.language];
  return (
    <WorkspaceScreen shell={shell} title={texts.title} screen="settings">
      <SettingsHead shell={shell} current="business" />
      {isSaved && <Notice tone="ok">{texts.saved}</Notice>}
      <p class="soft">
        {texts.intro} {texts.otherMode} {!mayChange && texts.onlyAdmins}
      </p>
      <div class="stack split">
        <ProfileForm view={view} />
        <LogoForm view={view} />
      </div>
    </WorkspaceScreen>
  );
}

function ProfileForm({ view }: { view: BusinessView }): Child {
  const { shell, values, faulty, mayChange } = view;
  const texts = businessTexts[shell.language];
  return (
    <form class="card" method="post" action={pathOf(shell, 'settings/business')}>
      {BUSINESS_FIELDS.map((name) => (
        <Field
          id={name}
          label={texts.fields[name].label}
          hint={texts.fields[name].hint || undefined}
          fault={faulty.includes(name) ? texts.fields[name].fault : null}
          input={{
            type: TYPES[name] ?? 'text',
            value: values[name],
            required: name === 'display_name',
            readonly: !mayChange,
          }}
        />
      ))}
      {mayChange && (
        <div class="row end">
          <button class="btn main" type="submit">
            {texts.save}
          </button>
        </div>
      )}
    </form>
  );
}

function LogoForm({ view }: { view: BusinessView }): Child {
  const { shell, logoUrl, isLogoFaulty, mayChange } = view;
  const texts = businessTexts[shell.language];
  const action = pathOf(shell, 'settings/business/logo');
  return (
    <section class="card stack" aria-labelledby="logo-title">
      <h2 id="logo-title">{texts.logo}</h2>
      {logoUrl !== null && <img class="logo" src={logoUrl} alt={texts.logoAlt} />}
      {mayChange && (
        <form method="post" action={action} enctype="multipart/form-data">
          <Field
            id="logo"
            label={texts.picture}
            hint={texts.logoHint}
            fault={isLogoFaulty ? texts.logoFault : null}
            input={{ type: 'file', accept: 'image/png,image/jpeg,image/webp', required: true }}
          />
          <button class="btn" type="submit">
            {texts.upload}
          </button>
        </form>
      )}
      {mayChange && logoUrl !== null && (
        <form method="post" action={`${action}/remove`}>
          <button class="btn bare bad" type="submit">
            {texts.removeLogo}
          </button>
        </form>
      )}
    </section>
  );
}
