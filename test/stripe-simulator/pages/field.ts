import { html } from 'hono/html';
import type { Html } from './layout.ts';

interface Shown {
  label: string;
  value: string;
  error?: string | undefined;
  hint?: string | undefined;
  /** More attributes of the input. */
  attributes?: Html;
}

/** A text field with its label and what is wrong with it. */
export function field(name: string, { label, value, error, hint, attributes }: Shown): Html {
  return html`<div><label for="${name}">${label}</label>
<input id="${name}" name="${name}" value="${value}" ${attributes ?? ''}${described(name, error, hint)}>${notes(name, error, hint)}</div>`;
}

/** A choice of one of some options, as `[value, text]`. */
export function choice(name: string, { label, value, error }: Shown, options: readonly (readonly string[])[]): Html {
  return html`<fieldset${error === undefined ? '' : html` aria-describedby="${name}_error"`}><legend>${label}</legend>
${options.map(
  ([option = '', text = '']) =>
    html`<label class="option"><input type="radio" name="${name}" value="${option}"${
      option === value ? html` checked` : ''
    }><span>${text}</span></label>`,
)}
${notes(name, error, undefined)}</fieldset>`;
}

function described(name: string, error: string | undefined, hint: string | undefined): Html | '' {
  const ids = [...(hint === undefined ? [] : [`${name}_hint`]), ...(error === undefined ? [] : [`${name}_error`])];
  const invalid = error === undefined ? '' : html` aria-invalid="true"`;
  return ids.length === 0 ? '' : html`${invalid} aria-describedby="${ids.join(' ')}"`;
}

function notes(name: string, error: string | undefined, hint: string | undefined): Html {
  const message =
    error === undefined ? '' : html`<p class="error" id="${name}_error" role="alert" data-testid="error">${error}</p>`;
  return html`${hint === undefined ? '' : html`<p class="hint" id="${name}_hint">${hint}</p>`}${message}`;
}
