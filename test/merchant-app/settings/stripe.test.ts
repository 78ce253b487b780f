import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { findAccount } from '../../../src/db/account-states.ts';
import { auditLog } from '../../../src/db/schema.ts';
import { control, stripeRequest } from '../../worker/support/simulator.ts';
import { TestApp } from '../support/app.ts';
import { formIdOf, pageOf } from '../support/screens.ts';
import { directory, newMember, newOrganisation } from '../support/team.ts';
import { deliverStripeEvents } from '../support/webhooks.ts';

const app = new TestApp();

async function shop(mode: 'test' | 'live' = 'test') {
  const organisation = await newOrganisation();
  const owner = await newMember(app, organisation, 'owner');
  const workspaceId = mode === 'live' ? organisation.id : organisation.sandboxId;
  return {
    organisation,
    owner,
    workspaceId,
    livemode: mode === 'live',
    path: `/app/${mode}/${organisation.id}/settings/stripe`,
  };
}

type Shop = Awaited<ReturnType<typeof shop>>;

const open = async ({ owner, path }: Shop, language = 'en') =>
  await pageOf(await owner.browser.get(path, { 'Accept-Language': language }));

/** Sends the first form that connects Stripe. Returns the account's id and where the answer leads. */
async function connect(one: Shop) {
  const form = formIdOf(await open(one));
  const response = await one.owner.browser.post(`${one.path}/connect`, {
    form,
    country: 'gb',
    email: 'owner@shop.example',
  });
  expect(response.status).toBe(303);
  const account = await findAccount(directory, one.workspaceId);
  if (!account) throw new Error('No account was connected');
  return { form, id: account.stripeAccountId, location: response.headers.get('Location') ?? '' };
}

const decide = (one: Shop, account: string, outcome: string) =>
  control('POST', `/accounts/${account}/outcome`, { outcome, livemode: one.livemode });

async function accountsMade({ workspaceId }: Shop): Promise<number> {
  const { data } = z.object({ data: z.array(stripeRequest) }).parse(await control('GET', '/requests'));
  return data.filter(({ path, params }) => path === '/v2/core/accounts' && JSON.stringify(params).includes(workspaceId))
    .length;
}

describe('the Stripe account in the settings', () => {
  it.each(['test', 'live'] as const)('is made and leads to Stripe, in %s, and comes back to its page', async (mode) => {
    const one = await shop(mode);
    expect(await open(one)).toContain('No Stripe account yet');
    const { location, id } = await connect(one);
    expect(new URL(location).pathname).not.toMatch(/^\/app/);
    expect(await open(one)).toContain('Stripe waits for your details');

    await decide(one, id, 'ready');
    const back = await one.owner.browser.get(`${one.path}/returned`);
    expect([back.status, back.headers.get('Location')]).toEqual([303, `${one.path}?checked=yes`]);
    const page = await open(one);
    expect(page).toContain('You can take payments');
    expect(page).toContain(id);
    const entries = await directory.select().from(auditLog).where(eq(auditLog.workspaceId, one.workspaceId));
    expect(entries.map(({ action, actor }) => `${action} ${actor}`)).toEqual(
      expect.arrayContaining([
        `account.create person:${one.owner.id}`,
        `account.onboarding_link person:${one.owner.id}`,
      ]),
    );
  });

  it('offers countries by their names, in the language of the reader', async () => {
    const one = await shop();
    expect(await open(one)).toContain('<option value="DE">Germany</option>');
    expect(await open(one, 'de')).toContain('<option value="DE">Deutschland</option>');
  });

  it('sent twice, the form makes one account', async () => {
    const one = await shop();
    const { form, id } = await connect(one);
    const fields = { form, country: 'gb', email: 'owner@shop.example' };
    expect((await one.owner.browser.post(`${one.path}/connect`, fields)).status).toBe(303);
    expect(await accountsMade(one)).toBe(1);
    expect((await findAccount(directory, one.workspaceId))?.stripeAccountId).toBe(id);
  });

  it.each([
    ['country', { country: 'Germany', email: 'owner@shop.example' }],
    ['country', { country: '', email: 'owner@shop.example' }],
    ['email', { country: 'GB', email: 'nobody' }],
  ])('says what is wrong with the %s, and asks Stripe for nothing', async (field, fields) => {
    const one = await shop();
    const response = await one.owner.browser.post(`${one.path}/connect`, fields);
    expect(response.status).toBe(422);
    expect(await response.text()).toContain(`id="${field}-error"`);
    expect(await accountsMade(one)).toBe(0);
  });

  it('says what Stripe needs, in the language of the reader', async () => {
    const one = await shop();
    const { id } = await connect(one);
    await decide(one, id, 'document_needed');
    await one.owner.browser.post(`${one.path}/check`);
    expect(await open(one)).toContain('Stripe needs something from you');
    const german = await open(one, 'de');
    expect(german).toMatch(/Stripe braucht von Ihnen/);
    expect(german).not.toMatch(/Stripe needs/);
  });

  it('is disconnected by an owner only after a question, and connected again', async () => {
    const one = await shop();
    const { id } = await connect(one);
    await decide(one, id, 'ready');
    await one.owner.browser.post(`${one.path}/check`);
    const question = await (await one.owner.browser.get(`${one.path}/disconnect`)).text();
    expect(question).toContain('Disconnect Stripe from Harbour Studio?');
    expect((await findAccount(directory, one.workspaceId))?.disconnectedAt).toBeNull();
    expect((await one.owner.browser.post(`${one.path}/disconnect`)).status).toBe(303);
    expect((await findAccount(directory, one.workspaceId))?.disconnectedAt).not.toBeNull();
    expect(await open(one)).toContain('Stripe is disconnected');
    await one.owner.browser.post(`${one.path}/connect`, { form: formIdOf(await open(one)) });
    expect(await open(one)).toContain('You can take payments');
  });

  it('says in the language of the reader that there is no account whose dashboard could open', async () => {
    const one = await shop();
    const german = { 'Accept-Language': 'de' };
    const page = await pageOf(await one.owner.browser.post(`${one.path}/dashboard`, {}, german), 409);
    expect(page).toContain('Es ist noch kein Stripe-Konto verbunden');
    expect(page).not.toContain('POST /');
  });

  it('is replaced by a new account after the access was taken away at Stripe', async () => {
    const one = await shop();
    const { id } = await connect(one);
    await decide(one, id, 'ready');
    await one.owner.browser.post(`${one.path}/check`);
    await control('POST', `/accounts/${id}/deauthorize`, {});
    await deliverStripeEvents(id);
    const page = await open(one);
    expect(page).toContain('Access was taken away at Stripe');
    expect(page).not.toContain('You can connect again at any time');
    expect(page).toContain('name="start_over" value="true"');
    expect(await open(one, 'de')).toContain('Der Zugriff wurde bei Stripe entzogen');
    const home = await pageOf(await one.owner.browser.get(one.path.replace('settings/stripe', 'home')));
    expect(home).toContain('Access was taken away at Stripe');
    const fields = { form: formIdOf(page), country: 'gb', email: 'owner@shop.example', start_over: 'true' };
    expect((await one.owner.browser.post(`${one.path}/connect`, fields)).status).toBe(303);
    expect((await findAccount(directory, one.workspaceId))?.stripeAccountId).not.toBe(id);
    expect(await open(one)).toContain('Stripe waits for your details');
  });

  it('opens the dashboard at Stripe', async () => {
    const one = await shop();
    const { id } = await connect(one);
    await decide(one, id, 'ready');
    await one.owner.browser.post(`${one.path}/check`);
    const response = await one.owner.browser.post(`${one.path}/dashboard`);
    expect(response.status).toBe(303);
    expect(response.headers.get('Location')).toContain(id);
  });
});
