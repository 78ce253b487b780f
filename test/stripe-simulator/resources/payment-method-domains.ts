import type Stripe from 'stripe';
import type { ApiCall, Route } from '../api-call.ts';
import { newId } from '../ids.ts';
import { listPage, newestFirst, rowOf } from '../lists.ts';
import { boolean, pageShape, parameters, parseParameters, text } from '../parameters.ts';
import { nowSeconds } from '../simulation.ts';

const createSchema = parameters({ domain_name: text(253), enabled: boolean().default(true) });
const listSchema = parameters({ ...pageShape, domain_name: text().optional(), enabled: boolean().optional() });

/** Registers a domain for wallets. If the domain is registered already, returns it unchanged. */
function createDomain({ simulation, scope, params }: ApiCall): object {
  const input = parseParameters(createSchema, params);
  const known = newestFirst(simulation.state.domains, scope).find((domain) => domain.domain_name === input.domain_name);
  if (known) return known;
  const active = { status: 'active' };
  const domain: Stripe.PaymentMethodDomain = {
    id: newId('pmd'),
    object: 'payment_method_domain',
    amazon_pay: active,
    apple_pay: active,
    created: nowSeconds(simulation),
    domain_name: input.domain_name,
    enabled: input.enabled,
    google_pay: active,
    klarna: active,
    link: active,
    livemode: scope.livemode,
    paypal: active,
  };
  simulation.state.domains.set(domain.id, { ...scope, object: domain });
  simulation.changed();
  return domain;
}

function listDomains({ simulation, scope, params }: ApiCall): object {
  const input = parseParameters(listSchema, params);
  const domains = newestFirst(simulation.state.domains, scope).filter(
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

export const paymentMethodDomainRoutes: Route[] = [
  ['POST', '/v1/payment_method_domains', createDomain],
  ['GET', '/v1/payment_method_domains', listDomains],
  ['GET', '/v1/payment_method_domains/:id', retrieveDomain],
];
