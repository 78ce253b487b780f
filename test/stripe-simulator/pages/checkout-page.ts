import { html } from 'hono/html';
import { CURRENCIES } from '../../../src/core/money/currencies.ts';
import type { Simulation } from '../simulation.ts';
import { accountKey, type StoredSession } from '../state.ts';
import type { Field, FieldErrors, FieldValues } from './card-form.ts';
import { field } from './field.ts';
import { embeddedLayout, type Html, page } from './layout.ts';

const EMPTY: FieldValues = { email: '', card_number: '', card_expiry: '', card_cvc: '' };

/** The hosted Checkout page of an open session. The card fields are never filled in again. */
export function checkoutPage(
  simulation: Simulation,
  stored: StoredSession,
  values: FieldValues = EMPTY,
  errors: FieldErrors = {},
): Html {
  const session = stored.object;
  const amount = amountOf(stored);
  const cancel = session.cancel_url
    ? html`<p><a href="${withSessionId(session.cancel_url, session.id)}" data-testid="cancel">← Back</a></p>`
    : '';
  return page(
    `Pay ${amount}`,
    'wide',
    html`<section>${cancel}
<h1>Pay ${sellerName(simulation, stored)}</h1>
<p class="amount" data-testid="amount">${amount}</p>
${stored.lineItems.map((item) => lineItem(item))}
</section>
<section class="panel">${paymentForm(stored, values, errors)}</section>`,
  );
}

/** Embedded Checkout of an open session, inside an iframe. The card fields are never filled in again. */
export function embeddedPage(
  simulation: Simulation,
  stored: StoredSession,
  values: FieldValues = EMPTY,
  errors: FieldErrors = {},
): Html {
  return embeddedLayout(
    `Pay ${amountOf(stored)}`,
    html`<h1>Pay ${sellerName(simulation, stored)}</h1>
${stored.lineItems.map((item) => lineItem(item))}
${paymentForm(stored, values, errors)}`,
  );
}

function paymentForm(stored: StoredSession, values: FieldValues, errors: FieldErrors): Html {
  // With the fragment of the page's address, the browser would also put it behind the merchant's success_url.
  const action = stored.object.ui_mode === 'hosted_page' ? html` action="/c/pay/${stored.object.id}"` : '';
  return html`<form method="post" novalidate${action}>
${emailField(stored.object.customer_email, values.email, errors.email)}
${cardFields(errors)}
<button name="method" value="card">Pay ${amountOf(stored)}</button>
<button class="second" name="method" value="bank" formnovalidate>Pay by bank (settles later)</button>
<p class="hint">4242 4242 4242 4242 is paid, 4000 0000 0000 0002 is declined, 4000 0027 6000 3184 is paid after 3 seconds; any future date, any CVC. A bank payment needs no card and settles after a minute.</p>
</form>`;
}

function amountOf({ object: session }: StoredSession): string {
  return formatMinor(session.amount_total ?? 0, session.currency ?? 'usd');
}

/** The public business name of the account, else its name in the dashboard. Stripe makes no session without either. */
function sellerName(simulation: Simulation, stored: StoredSession): string {
  const account = simulation.state.accounts.get(accountKey(stored.livemode, stored.account ?? ''))?.object;
  return account?.business_profile?.name ?? account?.settings?.dashboard.display_name ?? 'an account without a name';
}

function lineItem(item: StoredSession['lineItems'][number]): Html {
  const quantity = Number(item.quantity) > 1 ? ` × ${Number(item.quantity)}` : '';
  const amount = formatMinor(Number(item.amount_total), String(item.currency));
  return html`<p class="item" data-testid="line-item"><span>${String(item.description)}${quantity}</span><span>${amount}</span></p>`;
}

function emailField(locked: string | null, typed: string, error: string | undefined): Html {
  const attributes = html`type="email" autocomplete="email"${locked === null ? '' : html` readonly`}`;
  return field('email', { label: 'E-mail', value: locked ?? typed, error, attributes });
}

function cardFields(errors: FieldErrors): Html {
  const shown = (name: Field, label: string, attributes: Html) =>
    field(name, { label, value: '', error: errors[name], attributes });
  return html`${shown('card_number', 'Card number', html`placeholder="4242 4242 4242 4242" inputmode="numeric" autocomplete="cc-number"`)}
<div class="pair">
<div>${shown('card_expiry', 'Expiry', html`placeholder="MM / YY" inputmode="numeric" autocomplete="cc-exp"`)}</div>
<div>${shown('card_cvc', 'CVC', html`placeholder="123" inputmode="numeric" autocomplete="cc-csc"`)}</div>
</div>`;
}

/** `{CHECKOUT_SESSION_ID}` in a URL, raw or percent-encoded, becomes the id. */
export function withSessionId(url: string, sessionId: string): string {
  return url.replaceAll(/(\{|%7B)CHECKOUT_SESSION_ID(\}|%7D)/gi, sessionId);
}

/** Minor units as text for people, with Stripe's decimals: 1999 gbp is £19.99. */
export function formatMinor(amountMinor: number, currency: string): string {
  const code = currency.toUpperCase();
  const digits = CURRENCIES[code]?.exponent ?? 2;
  const format = new Intl.NumberFormat('en', {
    style: 'currency',
    currency: code,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return format.format(amountMinor / 10 ** digits);
}
