import type { Child } from 'hono/jsx';
import { DEFAULT_BUTTON } from '../../http/buyer/button-colours.ts';
import { Field, TextArea } from '../pages/field.tsx';
import { Icon } from '../pages/icons.tsx';
import type { PageNode } from '../pages/layout.tsx';
import { BackLink, Notice } from '../pages/parts.tsx';
import { WorkspaceScreen } from '../pages/shell.tsx';
import { pathOf } from '../paths.ts';
import { ColourField } from './colour-field.tsx';
import { faultTexts } from './fault-text.ts';
import { formTexts } from './form-texts.ts';
import type { FormPart, FormView } from './form-view.ts';
import { linkPath, PaleNotice } from './link-facts.tsx';
import { Optional, PriceFields } from './price-fields.tsx';
import { linksTexts } from './texts.ts';

/** The form of a new link or of one that is changed, beside the pay page that it makes. */
export function formPage(view: FormView): PageNode {
  const { shell, link, values, faults } = view;
  const { language } = shell;
  const texts = formTexts[language];
  const heading = link === null ? texts.newTitle : link.title;
  const list = pathOf(shell, 'links');
  const part = { view, language, faultOf: faultTexts(faults, values, language) };
  return (
    <WorkspaceScreen shell={shell} title={link === null ? heading : `${texts.editTitle}: ${heading}`} screen="links">
      {link === null ? (
        <BackLink href={list} text={linksTexts[language].allLinks} />
      ) : (
        <BackLink href={linkPath(shell, link.token)} text={link.title} />
      )}
      <h1>{link === null ? heading : `${texts.editTitle}: ${heading}`}</h1>
      {faults.size > 0 && <Notice tone="bad">{texts.notSaved}</Notice>}
      <div class="stack split">
        <form class="card" action={link === null ? list : linkPath(shell, link.token)} method="post" data-preview>
          <input type="hidden" name="form" value={view.form} />
          <TextFields {...part} />
          <PriceFields {...part} />
          <LookFields {...part} />
          <LimitFields {...part} />
          <Buttons view={view} preview={`${list}/preview`} />
        </form>
        <section class="stack tight stick" aria-label={texts.preview}>
          <p class="soft">
            <small>{texts.previewHint}</small>
          </p>
          <iframe
            name="preview"
            src={`${list}/preview${link === null ? '' : `?link=${link.token}`}`}
            title={texts.previewFrame}
            sandbox=""
          />
        </section>
      </div>
    </WorkspaceScreen>
  );
}

function TextFields({ view: { values }, language, faultOf }: FormPart): Child {
  const texts = formTexts[language];
  return (
    <>
      <Field
        id="title"
        label={texts.title}
        hint={texts.titleHint}
        fault={faultOf('title')}
        input={{ value: values.title, required: true, maxlength: 250 }}
      />
      <TextArea
        id="description"
        label={<Optional text={texts.description} language={language} />}
        fault={faultOf('description')}
        value={values.description}
        input={{ rows: 3, maxlength: 2000 }}
      />
    </>
  );
}

function LookFields({ view, language, faultOf }: FormPart): Child {
  const texts = formTexts[language];
  const { values, shell } = view;
  return (
    <fieldset class="stack">
      <legend>{texts.look}</legend>
      <label class="check">
        <input type="checkbox" name="show_name" value="true" checked={values.showName} />
        {texts.showName(shell.organisation.name)}
      </label>
      <ColourField
        id="button_colour"
        label={texts.buttonColour}
        hint={texts.colourHint}
        pick={texts.pick(texts.buttonColour)}
        byDefault={DEFAULT_BUTTON}
        fault={faultOf('buttonColour')}
        value={values.buttonColour}
      />
      <PaleNotice language={language} button={{ background: values.buttonColour, text: values.textColour }} />
    </fieldset>
  );
}

function LimitFields(part: FormPart): Child {
  const { view, language, faultOf } = part;
  const texts = formTexts[language];
  const { values } = view;
  const isOpen = (['textColour', 'maxPayments', 'expires', 'successUrl', 'closedMessage'] as const).some(
    (field) => values[field] !== '',
  );
  const label = (text: string) => <Optional text={text} language={language} />;
  return (
    <details open={isOpen}>
      <summary>
        {texts.limits}
        <span class="chev">
          <Icon name="down" size={18} />
        </span>
      </summary>
      <div class="stack">
        <Field
          id="max_payments"
          label={label(texts.maxPayments)}
          hint={texts.maxPaymentsHint}
          fault={faultOf('maxPayments')}
          input={{ value: values.maxPayments, inputmode: 'numeric', maxlength: 9 }}
        />
        <input type="hidden" name="time_zone" value={values.timeZone} />
        <Field
          id="expires"
          label={label(texts.expires)}
          hint={texts.expiresHint(values.timeZone)}
          fault={faultOf('expires')}
          input={{ value: values.expires, type: 'datetime-local' }}
        />
        <AfterFields {...part} />
      </div>
    </details>
  );
}

function AfterFields({ view: { values }, language, faultOf }: FormPart): Child {
  const texts = formTexts[language];
  const label = (text: string) => <Optional text={text} language={language} />;
  return (
    <>
      <Field
        id="success_url"
        label={label(texts.successUrl)}
        hint={texts.successUrlHint}
        fault={faultOf('successUrl')}
        input={{ value: values.successUrl, inputmode: 'url', maxlength: 2048, placeholder: 'https://' }}
      />
      <TextArea
        id="closed_message"
        label={label(texts.closedMessage)}
        hint={texts.closedHint}
        fault={faultOf('closedMessage')}
        value={values.closedMessage}
        input={{ rows: 2, maxlength: 500 }}
      />
      <ColourField
        id="text_colour"
        label={label(texts.textColour)}
        hint={texts.textColourHint}
        pick={texts.pick(texts.textColour)}
        byDefault="#ffffff"
        fault={faultOf('textColour')}
        value={values.textColour}
      />
    </>
  );
}

function Buttons({ view: { shell, link }, preview }: { view: FormView; preview: string }): Child {
  const texts = formTexts[shell.language];
  const cancel = link === null ? pathOf(shell, 'links') : linkPath(shell, link.token);
  return (
    <div class="row">
      <button class="btn main" type="submit">
        {link === null ? texts.create : texts.save}
      </button>
      <button
        class="btn still"
        type="submit"
        formaction={preview}
        formtarget="preview"
        formnovalidate
        data-show-preview
      >
        {texts.showPreview}
      </button>
      <a class="btn bare" href={cancel}>
        {texts.cancel}
      </a>
    </div>
  );
}
