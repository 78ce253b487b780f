import type Stripe from 'stripe';
import type { ApiCall, Route } from '../api-call.ts';
import { conditionsOf } from '../conditions.ts';
import { newId } from '../ids.ts';
import { listed, listPage, newestFirst, rowOf } from '../lists.ts';
import { boolean, pageShape, parameters, parseParameters, text } from '../parameters.ts';
import { nowSeconds } from '../simulation.ts';

const createSchema = parameters({ domain_name: text(253), enabled: boolean().default(true) });
const listSchema = parameters({ ...pageShape, domain_name: text().optional(), enabled: boolean().optional() });

const NOT_VERIFIED = 'Unable to verify the domain: it could not be reached.';

/** Registers a domain for wallets. If the domain is registered already, returns it unchanged. */
function createDomain(call: ApiCall): object {
  const { simulation, scope } = call;
  const input = parseParameters(createSchema, call.params);
  const known = newestFirst(simulation.state.domains, scope).find((domain) => domain.domain_name === input.domain_name);
  if (known) return known;
  const domain: Stripe.PaymentMethodDomain = {
    ...statuses(call),
    id: newId('pmd'),
    object: 'payment_method_domain',
    created: nowSeconds(simulation),
    domain_name: input.domain_name,
    enabled: input.enabled,
    livemode: scope.livemode,
  };
  simulation.state.domains.set(domain.id, { ...scope, object: domain });
  simulation.changed();
  return domain;
}

function listDomains(call: ApiCall): object {
  const input = parseParameters(listSchema, call.params);
  const domains = listed(call, call.simulation.state.domains).filter(
    (domain) =>
      (input.domain_name === undefined || domain.domain_name === input.domain_name) &&
      (input.enabled === undefined || domain.enabled === input.enabled),
  );
  return listPage(domains, input, '/v1/payment_method_domains', 'payment_method_domain');
}

function retrieveDomain({ simulation, scope, path, params }: ApiCall): object {
  parseParameters(parameters({}), params);
  return rowOf(simulation.state.domains, scope, path.id ?? '', 'payment_method_domain').object;
}

/** The status of every payment method, as Stripe finds it now. */
function statuses(call: ApiCall) {
  const { payment_method_domain_status: status } = conditionsOf(call);
  const now: Stripe.PaymentMethodDomain.ApplePay =
    status === 'active' ? { status } : { status, status_details: { error_message: NOT_VERIFIED } };
  return { amazon_pay: now, apple_pay: now, google_pay: now, klarna: now, link: now, paypal: now };
}

/** Checks a domain again, whose payment methods were inactive (docs.stripe.com/api/payment_method_domains/validate). */
function validateDomain(call: ApiCall): object {
  parseParameters(parameters({}), call.params);
  const { simulation, scope, path } = call;
  const { object } = rowOf(simulation.state.domains, scope, path.id ?? '', 'payment_method_domain');
  Object.assign(object, statuses(call));
  simulation.changed();
  return object;
}

export const paymentMethodDomainRoutes: Route[] = [
  ['POST', '/v1/payment_method_domains', createDomain],
  ['GET', '/v1/payment_method_domains', listDomains],
  ['POST', '/v1/payment_method_domains/:id/validate', validateDomain],
  ['GET', '/v1/payment_method_domains/:id', retrieveDomain],
];
