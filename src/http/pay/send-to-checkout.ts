import type { Context } from 'hono';
import { ApiError } from '../../core/errors.ts';
import { newFormId } from '../../core/ids.ts';
import { visitorOf } from '../../core/visitor.ts';
import { findPaymentOfLink, type PaymentView } from '../../db/payments.ts';
import { expireSession } from '../../domain/checkout/expire-session.ts';
import { type PayLinkResult, payLink } from '../../domain/checkout/pay-link.ts';
import { inWorkspace } from '../../domain/context.ts';
import { buyerContext, pathsOf, withQuery } from '../buyer/buyer-request.ts';
import { type Prefill, prefillParameters } from '../buyer/fields.ts';
import { askedLanguage, localeOf } from '../buyer/locale.ts';
import { isHuman, proofState } from '../buyer/turnstile.ts';
import { earlierPayments, isPaidOrProcessing } from './earlier-payments.ts';
import { rememberEntered } from './filled-form.ts';
import { formOfVisitor, type SentForm, sessionOfVisitor } from './form-cookie.ts';
import type { LoadedLink, PageEnv } from './load-link.ts';
import { cancelledParameter } from './page-query.ts';
import type { PayForm } from './requests.ts';

/** A form whose amount is within our limits. */
export type CheckedForm = PayForm & {
  /** `prefill.amount` is the amount to charge as a buyer would type it. null: the price is fixed. */
  readonly prefill: Prefill;
  readonly amountMinor: number;
};

/**
 * Ends the open session that this form has made with other content, so that the buyer cannot pay both. Returns the
 * payment if that session was paid meanwhile or is processing, else null. Throws ApiError if Stripe does not answer.
 */
export async function endOtherSession(
  c: Context<PageEnv>,
  loaded: LoadedLink,
  checked: CheckedForm,
): Promise<PaymentView | null> {
  if (sessionOfVisitor(c)?.form !== checked.form) return null;
  const { unpaid } = earlierPayments(c, loaded);
  if (unpaid?.status !== 'created' || isSameContent(unpaid, checked, formOfVisitor(c))) return null;
  try {
    await expireSession(inWorkspace(buyerContext(c, loaded), loaded), unpaid.id);
    return null;
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'checkout_session_not_open') throw error;
    const now = await findPaymentOfLink(loaded.database, loaded.link.token, unpaid.stripeSessionId);
    return now && isPaidOrProcessing(now) ? now : null;
  }
}

/** True if a form with this content made the session. An e-mail that Stripe had refused is only in the sent form. */
function isSameContent(session: PaymentView, { amountMinor, prefill }: CheckedForm, sent: SentForm | null): boolean {
  const { email, reference, utm } = prefill;
  return (
    session.amountMinor === amountMinor &&
    (session.customerEmail ?? sent?.email ?? null) === email &&
    session.reference === reference &&
    JSON.stringify(session.metadata) === JSON.stringify(utm)
  );
}

/** After these results the buyer may pay the same form. Any other form must not come back. */
const MAY_BE_PAID: readonly PayLinkResult['kind'][] = ['checkout', 'sold_out', 'slow_down'];

/** Stripe accepts return URLs of some thousand characters. */
const MAX_QUERY_CHARACTERS = 1_500;

/**
 * Asks for a session with the content of a form, and keeps in the cookie of the form what the buyer has entered. Throws
 * ApiError or StripeFailure if the session is not made.
 */
export async function sendToCheckout(
  c: Context<PageEnv>,
  loaded: LoadedLink,
  checked: CheckedForm,
): Promise<PayLinkResult> {
  const { config } = c.var;
  const { link } = loaded;
  const { prefill, form, proof } = checked;
  const base = `${config.publicUrl}${pathsOf(link.token).pay}`;
  const lang = askedLanguage(c);
  const parameters = prefillParameters(prefill);
  c.set('sameForm', { ...parameters, ...lang });
  const address = c.req.header('CF-Connecting-IP') ?? null;
  const request = {
    link,
    form,
    price: { amountMinor: checked.amountMinor, currency: link.currency },
    customerEmail: prefill.email,
    reference: prefill.reference,
    metadata: prefill.utm,
    ui: {
      kind: 'hosted',
      successUrl: withQuery(`${base}/done?session_id={CHECKOUT_SESSION_ID}`, lang),
      cancelUrl: withQuery(base, { ...cancelledParameter(true), ...(isShort(parameters) ? parameters : {}), ...lang }),
      language: localeOf(c).language,
    },
    visitor: { address: visitorOf(address), proof: proofState(config, proof) },
    isHuman: () => isHuman(config, proof, address),
  } as const;
  try {
    const result = await payLink(inWorkspace(buyerContext(c, loaded), loaded), request);
    if (MAY_BE_PAID.includes(result.kind)) rememberEntered(c, link.token, { form, ...prefill });
    return result;
  } catch (error) {
    const isOver = isRefusedForLong(error, earlierPayments(c, loaded).unpaid);
    const next = isOver ? { form: newFormId(), email: null, amount: null } : { form, ...prefill };
    rememberEntered(c, link.token, next);
    throw error;
  }
}

/**
 * True if the buyer needs a new form after a refusal because of the seller's account: Stripe may repeat the refusal of the
 * old one for a day, also to an account that is ready by then. A form with an open session stays, because it has a place.
 */
function isRefusedForLong(error: unknown, unpaid: PaymentView | null): boolean {
  return error instanceof ApiError && error.code === 'CONNECT_ACCOUNT_NOT_READY' && unpaid?.status !== 'created';
}

function isShort(parameters: Readonly<Record<string, string>>): boolean {
  return new URLSearchParams(parameters).toString().length <= MAX_QUERY_CHARACTERS;
}
