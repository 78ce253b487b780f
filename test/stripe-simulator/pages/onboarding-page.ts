import { html } from 'hono/html';
import type { StoredAccount } from '../state.ts';
import { choice, field } from './field.ts';
import { type Html, page } from './layout.ts';
import { BUSINESS_TYPES, FIELDS, type Field, OFFERED, STEPS, type Step, type Typed } from './onboarding-steps.ts';

const TITLES: Readonly<Record<Step, string>> = {
  business: 'Your business',
  person: 'Who runs it',
  bank: 'Where payouts go',
  review: 'Check and submit',
};

const LEAVE = html`<button class="second" name="action" value="leave">Leave, and come back later</button>`;

/** One step of the onboarding of a connected account. `path`: of the steps, with a slash at the end. */
export function onboardingPage(
  account: StoredAccount,
  { step, path, errors }: { step: Step; path: string; errors: Readonly<Record<string, string>> },
): Html {
  const number = STEPS.indexOf(step) + 1;
  const before = STEPS[number - 2];
  const name = account.object.business_profile?.name ?? account.object.id;
  return page(
    `${TITLES[step]} (step ${number} of ${STEPS.length})`,
    'narrow',
    html`<section>${before ? html`<p><a href="${path}${before}">← Back</a></p>` : ''}
<p class="hint">Step ${number} of ${STEPS.length} · ${name} · ${account.livemode ? 'live' : 'test'} mode</p>
<h1>${TITLES[step]}</h1></section>
<div class="panel">${step === 'review' ? reviewForm(account.draft, path) : stepForm(step, account.draft, errors)}</div>`,
  );
}

function stepForm(step: Step, typed: Typed, errors: Readonly<Record<string, string>>): Html {
  return html`<form method="post" novalidate>
${FIELDS[step].map((one) => shown(one, typed[one.name] ?? '', errors[one.name]))}
<button name="action" value="continue">Continue</button>
<button class="second" name="action" value="sample">Fill in sample details and continue</button>
${LEAVE}
</form>`;
}

function shown({ name, label, hint, type, autocomplete }: Field, value: string, error: string | undefined): Html {
  if (type === 'choice') return choice(name, { label, value, error }, BUSINESS_TYPES);
  const attributes = html`type="${type}" autocomplete="${autocomplete}"`;
  return field(name, { label, value, error, hint, attributes });
}

function reviewForm(typed: Typed, path: string): Html {
  const steps = STEPS.filter((step) => step !== 'review');
  return html`${steps.map(
    (step) => html`<h2>${TITLES[step]} <a class="change" href="${path}${step}">Change</a></h2>
<dl class="given">${FIELDS[step].map(({ name, label }) => html`<div><dt>${label}</dt><dd>${summary(name, typed[name] ?? '')}</dd></div>`)}</dl>`,
  )}
<form method="post">
${choice('outcome', { label: 'What does Stripe decide?', value: 'ready' }, OFFERED)}
<button name="action" value="submit">Submit</button>
${LEAVE}
</form>`;
}

function summary(name: string, value: string): string {
  if (name === 'account_number') return `•••• ${value.replaceAll(' ', '').slice(-4)}`;
  if (name === 'business_type') return BUSINESS_TYPES.find(([type]) => type === value)?.[1] ?? value;
  return value === '' ? 'none' : value;
}
