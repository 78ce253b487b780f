import type { ApiCall, Route } from '../api-call.ts';
import { StripeFailure } from '../failures.ts';
import { randomText } from '../ids.ts';
import { parameters, parseParameters } from '../parameters.ts';
import { nowSeconds } from '../simulation.ts';
import { controlOf } from './account-object.ts';
import { connectedAccount } from './accounts.ts';

const LIFETIME_SECONDS = 300;

/** A single-use link to the Express dashboard (docs.stripe.com/api/accounts/login_link). */
function createLoginLink({ simulation, scope, path, params }: ApiCall): object {
  parseParameters(parameters({}), params);
  const { object } = connectedAccount(simulation, scope.livemode, path.id ?? '');
  if (controlOf(object).dashboard !== 'express') {
    const message = `Cannot create a login link for the account ${object.id}, which is not an Express account.`;
    throw new StripeFailure(message, { executed: true });
  }
  if (!object.details_submitted) {
    const message = 'Cannot create a login link for an account that has not completed onboarding.';
    throw new StripeFailure(message, { executed: true });
  }
  const created = nowSeconds(simulation);
  const token = randomText(24);
  const expiresAt = created + LIFETIME_SECONDS;
  simulation.state.loginLinks.set(token, { livemode: scope.livemode, accountId: object.id, expiresAt, used: false });
  simulation.changed();
  return { object: 'login_link', created, url: `${simulation.baseUrl}/express/${object.id}/${token}` };
}

export const loginLinkRoutes: Route[] = [['POST', '/v1/accounts/:id/login_links', createLoginLink]];
