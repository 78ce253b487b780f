import { ApiError, faultsError } from '../../core/errors.ts';
import { isFormId } from '../../core/ids.ts';
import type { JsonObject } from '../../core/json.ts';
import { logLine } from '../../core/log.ts';
import { visitorOf } from '../../core/visitor.ts';
import type { PaymentLink } from '../../db/payment-links.ts';
import type { PaymentView } from '../../db/payments.ts';
import type { EmbedAuthority } from '../../db/public-keys.ts';
import type { PayLinkResult } from '../../domain/checkout/pay-link.ts';
import { inWorkspace } from '../../domain/context.ts';
import type { AppContext } from '../app-env.ts';
import { amountFaultText } from '../buyer/amount-fault.ts';
import type { AmountFault } from '../buyer/amount-input.ts';
import { buyerContext } from '../buyer/buyer-context.ts';
import { loadStrings } from '../buyer/load-strings.ts';
import { chosenAmount, readPrefill } from '../buyer/pay-form.ts';
import { fill } from '../buyer/strings.tsx';
import { turnstileSiteKey } from '../buyer/turnstile.ts';
import { originNotAllowed } from '../middleware/allowed-origin.ts';
import { readJson } from '../middleware/json-body.ts';
import { isSameOrigin } from '../middleware/same-site.ts';
import { type AmountRefused, askForSession } from '../pay/ask-for-session.ts';
import { localeOf } from '../pay/frame.ts';
import { allHeld, publishableKeyOf, requireOpenLink, soldOut } from './open-link.ts';
import { type ReadGrant, readAuthority, readGrant } from './read-grant.ts';

/**
 * The session of a form in our frame: the same form with the same content is the same session. 200 with
 * `client_secret: null` where it has been paid already: it is never paid again. Two database round trips, one Stripe call, one
 * call to the link's gate, two where it is limited.
 */
export async function openEmbeddedSession(c: AppContext) {
  if (!isSameOrigin(c.req, c.var.config.publicUrl)) throw originNotAllowed();
  const body = await readJson(c, false);
  const granted = await readGrant(c, body.t, 'open_session');
  const embed = await readAuthority(c, granted);
  const { link, stripeAccountId } = requireOpenLink(embed, Date.now());
  const publishableKey = publishableKeyOf(c.var.config, embed.workspace.mode, c.var.requestId);
  const { clientSecret, payment } = await openOrRefuse(c, granted, { embed, link, body });
  return {
    status: clientSecret === null ? (200 as const) : (201 as const),
    client_secret: clientSecret,
    publishable_key: publishableKey,
    stripe_account: stripeAccountId,
    session_id: payment.stripeSessionId,
    payment_id: payment.id,
  };
}

interface Asked {
  readonly embed: EmbedAuthority;
  readonly link: PaymentLink;
  readonly body: JsonObject;
}

async function openOrRefuse(
  c: AppContext,
  granted: ReadGrant,
  asked: Asked,
): Promise<{ clientSecret: string | null; payment: PaymentView }> {
  const { link } = asked;
  const result = await pay(c, granted, asked);
  switch (result.kind) {
    case 'embedded':
      return result;
    case 'paid':
      return { clientSecret: null, payment: result.payment };
    case 'sold_out':
      throw result.held ? allHeld() : soldOut();
    case 'slow_down':
      throw new ApiError('rate_limit_exceeded', `Too many tries. Wait ${result.retryAfterSeconds} seconds.`, {
        headers: { 'Retry-After': String(result.retryAfterSeconds) },
      });
    case 'amount_refused': {
      const price = { link: link.token, amount_minor: link.amountMinor, currency: link.currency };
      if (link.amountMinor !== null) {
        logLine('warn', 'price not accepted by Stripe', { request_id: c.var.requestId, ...price });
      }
      throw await amountRefusal(c, link, { code: 'not_accepted' });
    }
    // A hosted session has another form: its buyer went elsewhere.
    case 'checkout':
    case 'spent':
      throw new ApiError('checkout_session_not_open', "This form's session has ended. Begin again with a new form.");
  }
}

async function pay(
  c: AppContext,
  granted: ReadGrant,
  { embed, link, body }: Asked,
): Promise<PayLinkResult | AmountRefused> {
  const { config } = c.var;
  const fields = textsOf(body);
  const { form = '' } = fields;
  if (!isFormId(form)) {
    const message = 'form must be 26 letters and digits, random for each checkout.';
    throw faultsError([{ path: 'form', code: 'validation_failed', message }]);
  }
  const chosen = chosenAmount(link, { amount: fields.amount }, localeOf(c));
  if (!chosen.ok) throw await amountRefusal(c, link, chosen.fault);
  const { email, reference } = readPrefill({ email: fields.email, reference: fields.reference });
  return await askForSession(inWorkspace(buyerContext(c, granted), embed), {
    link,
    form,
    price: { amountMinor: chosen.amountMinor, currency: link.currency },
    customerEmail: email,
    reference,
    metadata: {},
    ui: { kind: 'embedded', language: localeOf(c).language },
    visitor: {
      address: visitorOf(c.req.header('CF-Connecting-IP') ?? null),
      // The frame asks nobody to prove anything: on a crowded link the payment page does.
      proof: turnstileSiteKey(config) === null ? 'unavailable' : 'missing',
    },
    isHuman: async () => false,
  });
}

/** The members that are text; of whatever else there is nothing is used. */
function textsOf(body: JsonObject): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(body).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value] as const] : [])),
  );
}

/** 400 with the words that the frame shows beside its field, in the buyer's language. */
async function amountRefusal(c: AppContext, link: PaymentLink, fault: AmountFault): Promise<ApiError> {
  const { locale, strings } = await loadStrings(c.env.ASSETS, localeOf(c));
  const { currency, minAmountMinor } = link;
  const view = { locale, currency, minAmountMinor, suggestedAmountsMinor: link.suggestedAmountsMinor ?? [] };
  const { template, values } = amountFaultText(fault, view, strings);
  return faultsError([{ path: 'amount', code: 'invalid_amount', message: fill(template, values) }]);
}
