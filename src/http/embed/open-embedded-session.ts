import type { AmountReading, EmbeddedSession } from '../../contract/embed-api.ts';
import { ApiError } from '../../core/errors.ts';
import { logLine } from '../../core/log.ts';
import { formatMoney } from '../../core/money/money.ts';
import { visitorOf } from '../../core/visitor.ts';
import type { EmbedAuthority } from '../../db/api-keys.ts';
import type { PaymentLink } from '../../db/payment-links.ts';
import type { PaymentView } from '../../db/payments.ts';
import { chargeableAccount } from '../../domain/accounts/chargeable-account.ts';
import { type PayLinkResult, payLink } from '../../domain/checkout/pay-link.ts';
import { inWorkspace } from '../../domain/context.ts';
import { linkRefusalError } from '../../domain/links/readiness.ts';
import type { AppContext } from '../app-env.ts';
import { amountFaultText } from '../buyer/amount-choice.tsx';
import { type AmountFault, chosenAmount, payableReadings, typedAmountText } from '../buyer/amount-input.ts';
import { buyerContext } from '../buyer/buyer-request.ts';
import { loadStrings } from '../buyer/load-strings.ts';
import { type Locale, localeOf } from '../buyer/locale.ts';
import { fill } from '../buyer/strings.tsx';
import { proofState } from '../buyer/turnstile.ts';
import { InvalidRequest } from '../invalid-request.ts';
import { linkForForm, publishableKeyOf, type ReadGrant, readAuthority, readGrant } from './grant.ts';
import type { SessionRequest } from './requests.ts';

/**
 * Opens the checkout session of a form in the widget's frame. A form that is sent again with the same content gets the
 * same session. For a form that was paid already `client_secret` is null, so it cannot be paid twice. Costs two
 * database round trips, one call to Stripe, and one call to the link's gate, or two if the link is limited. Throws
 * ApiError if the payment is not possible.
 */
export async function openEmbeddedSession(c: AppContext, sent: SessionRequest): Promise<EmbeddedSession> {
  const granted = await readGrant(c, sent.t, 'open_session');
  const embed = await readAuthority(c, granted);
  const link = linkForForm(embed, Date.now());
  const publishableKey = publishableKeyOf(c.var.config, embed.workspace.mode, c.var.requestId);
  const { clientSecret, payment } = await openOrRefuse(c, link, await pay(c, granted, { embed, link, sent }));
  return {
    client_secret: clientSecret,
    publishable_key: publishableKey,
    stripe_account: chargeableAccount(embed, 'buyer').stripeAccountId,
    session_id: payment.stripeSessionId,
    payment_id: payment.id,
  };
}

/**
 * The client secret and payment of `result`. The secret is null for a form that was paid already. Throws ApiError for
 * any result without a session.
 */
async function openOrRefuse(
  c: AppContext,
  link: PaymentLink,
  result: PayLinkResult,
): Promise<{ clientSecret: string | null; payment: PaymentView }> {
  switch (result.kind) {
    case 'embedded':
      return result;
    case 'paid':
      return { clientSecret: null, payment: result.payment };
    case 'sold_out':
      throw result.held ? allPlacesHeld() : linkRefusalError('sold_out');
    case 'slow_down': {
      const seconds = String(result.retryAfterSeconds);
      const message = `Too many tries. Wait ${seconds} seconds.`;
      throw new ApiError('rate_limit_exceeded', message, { headers: { 'Retry-After': seconds } });
    }
    case 'amount_refused': {
      const price = { link: link.token, amount_minor: link.amountMinor, currency: link.currency };
      if (link.amountMinor !== null) {
        logLine('warn', 'price not accepted by Stripe', { request_id: c.var.requestId, ...price });
      }
      throw await amountError(c, link, { code: 'not_accepted' }, '');
    }
    // Only the pay page opens sessions of the kind `checkout`.
    case 'checkout':
    case 'spent':
      throw new ApiError('checkout_session_not_open', "This form's session has ended. Begin again with a new form.");
  }
}

/** The error while other buyers hold the last places. They may leave without paying, so the buyer can try again. */
function allPlacesHeld(): ApiError {
  const message = 'This payment link takes no more payments for now. Try again in a minute.';
  return new ApiError('payment_link_sold_out', message, { headers: { 'Retry-After': '60' } });
}

interface Asked {
  readonly embed: EmbedAuthority;
  readonly link: PaymentLink;
  readonly sent: SessionRequest;
}

async function pay(c: AppContext, granted: ReadGrant, { embed, link, sent }: Asked): Promise<PayLinkResult> {
  const { form, amount, prefill } = sent;
  if (form === null) {
    const message = 'form must be 26 letters and digits, random for each checkout.';
    throw new InvalidRequest([{ path: 'form', code: 'validation_failed', message }]);
  }
  const chosen = chosenAmount(link, { amount }, localeOf(c));
  if (!chosen.ok) throw await amountError(c, link, chosen.fault, amount ?? '');
  return await payLink(inWorkspace(buyerContext(c, granted), embed), {
    link,
    form,
    price: { amountMinor: chosen.amountMinor, currency: link.currency },
    customerEmail: prefill.email,
    reference: prefill.reference,
    metadata: {},
    ui: { kind: 'embedded', language: localeOf(c).language },
    visitor: {
      address: visitorOf(c.req.header('CF-Connecting-IP') ?? null),
      // The frame cannot check that a visitor is human. On a crowded link the pay page does.
      proof: proofState(c.var.config, undefined),
    },
    isHuman: async () => false,
  });
}

/**
 * The 400 with the message that the frame shows beside the amount field, in the language of the buyer. `typed`: the
 * amount as typed. The amounts that it can mean are in `readings`.
 */
async function amountError(c: AppContext, link: PaymentLink, fault: AmountFault, typed: string): Promise<ApiError> {
  const { locale, strings } = await loadStrings(c.env.ASSETS, localeOf(c));
  const { currency, minAmountMinor } = link;
  const view = { locale, currency, minAmountMinor, suggestedAmountsMinor: link.suggestedAmountsMinor ?? [] };
  const { template, values } = amountFaultText(fault, view, strings);
  const detail = { path: 'amount', code: 'invalid_amount', message: fill(template, values) } as const;
  const readings = readingsOf(link, typed, locale);
  if (readings.length === 0) return new InvalidRequest([detail]);
  const message = `${detail.message} ${strings.faults.whichAmount}`;
  return new InvalidRequest([{ ...detail, message, readings }]);
}

function readingsOf({ currency, minAmountMinor }: PaymentLink, typed: string, locale: Locale): AmountReading[] {
  return payableReadings(typed, locale, currency, minAmountMinor).map((amountMinor) => ({
    amount_cents: amountMinor,
    text: formatMoney({ amountMinor, currency }, locale.tag),
    amount: typedAmountText(amountMinor, locale, currency),
  }));
}
