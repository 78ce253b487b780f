import { expect } from 'vitest';
import * as z from 'zod';
import { type Returning, returnTokens } from '../../../src/core/return-token.ts';
import { SIMULATED } from '../../support/simulated.ts';
import { heldEvents, sendAll } from './payments.ts';
import { control, stripeRequest } from './simulator.ts';
import { call, type TestWorkspace } from './workspace.ts';

/** The addresses that a merchant's server names for the way back. */
export const URLS = { return_url: 'https://shop.example/back', refresh_url: 'https://shop.example/again' } as const;

/** The body that begins the onboarding of a workspace without an account. */
export const FIRST = { country: 'GB', email: 'owner@shop.example', ...URLS } as const;

const linkAnswer = z.object({ data: z.object({ url: z.url(), expires_at: z.iso.datetime() }) });
const accountAnswer = z.object({
  data: z.object({
    state: z.string(),
    country: z.string().nullable(),
    charges_enabled: z.boolean(),
    payouts_enabled: z.boolean(),
    requirements: z.array(
      z.object({ what: z.string(), due_at: z.string().nullable(), awaiting: z.string(), message: z.string() }),
    ),
    dashboard: z.string().nullable(),
    connected_at: z.string().nullable(),
    livemode: z.boolean(),
  }),
});

/** Asks for a link to Stripe's onboarding. */
export const askForLink = (shop: TestWorkspace, body: object = URLS, headers = {}) =>
  call(shop.key, 'POST', '/account/onboarding-links', body, headers);

/** The link in an answer 201. */
export async function linkOf(response: Response): Promise<z.output<typeof linkAnswer>['data']> {
  expect(response.status).toBe(201);
  return linkAnswer.parse(await response.json()).data;
}

/** The account in an answer 200. */
export async function accountIn(response: Response): Promise<z.output<typeof accountAnswer>['data']> {
  expect(response.status).toBe(200);
  return accountAnswer.parse(await response.json()).data;
}

/** What `GET /account` answers. */
export async function readAccount(shop: TestWorkspace) {
  return await accountIn(await call(shop.key, 'GET', '/account'));
}

/** The id of the workspace's account as it is stored now; null: none is. */
export async function connectedId({ binding, workspace }: TestWorkspace): Promise<string | null> {
  const query = 'SELECT stripe_account_id FROM connected_accounts WHERE workspace_id = ?';
  return await binding.prepare(query).bind(workspace.id).first('stripe_account_id');
}

const logged = z.object({ data: z.array(stripeRequest) });

/** The requests to make an account for this workspace, oldest first. */
export async function accountsAsked({ workspace }: TestWorkspace) {
  const { data } = logged.parse(await control('GET', '/requests'));
  return data.filter(
    ({ method, path, params }) =>
      method === 'POST' && path === '/v2/core/accounts' && JSON.stringify(params).includes(workspace.id),
  );
}

/** A workspace whose account was made here, and is at its beginning at Stripe. */
export async function beginOnboarding(shop: TestWorkspace): Promise<TestWorkspace & { account: string }> {
  await linkOf(await askForLink(shop, FIRST));
  const account = await connectedId(shop);
  if (account === null) throw new Error('No account was connected');
  return { ...shop, account };
}

/** What Stripe decides about the account, with the Stripe events about it. */
export async function decide(
  shop: TestWorkspace & { account: string },
  outcome: string,
  more: object = {},
): Promise<void> {
  await control('POST', `/accounts/${shop.account}/outcome`, {
    outcome,
    livemode: shop.mode === 'live',
    ...more,
  });
  await sendAll(await heldEvents(shop));
}

/** The token of the page to which Stripe leads back, made at `now` (unix ms). */
export async function returnToken(returning: Returning, now = Date.now()): Promise<string> {
  const { SECRETS_KEY: secretsKey } = SIMULATED.variables;
  return await (await returnTokens({ secretsKey })).issue(returning, now);
}
