import { describe, expect, it } from 'vitest';
import { BASE_URL, ENDPOINTS } from '../../stripe-simulator/harness.ts';
import { createV2, drain, harness, request, useShop, verified } from './support/shop.ts';

useShop();

const REFRESH_URL = 'https://app.example/refresh';
const RETURN_URL = 'https://app.example/return?tab=payments';

async function link(returnUrl: string | null = RETURN_URL) {
  const { id } = await createV2();
  const flow = { refresh_url: REFRESH_URL, ...(returnUrl === null ? {} : { return_url: returnUrl }) };
  const { url } = await harness.stripe.v2.core.accountLinks.create({
    account: id,
    use_case: { type: 'account_onboarding', account_onboarding: flow },
  });
  return { id, url };
}

/** Follows one address without its redirect. */
const get = (url: string) => request(url.replace(BASE_URL, ''), { redirect: 'manual' });
const placeOf = (response: Response) => response.headers.get('location') ?? '';

/** Opens a link and returns the address of the steps. */
async function open(url: string): Promise<string> {
  const first = placeOf(await get(url));
  expect(first).toMatch(/^\/setup\/o\/\w+\/business$/);
  return first.replace(/business$/, '');
}

function press(path: string, action: string, fields: Record<string, string> = {}): Promise<Response> {
  return request(path, { method: 'POST', body: new URLSearchParams({ ...fields, action }), redirect: 'manual' });
}

async function toReview(url: string): Promise<string> {
  const path = await open(url);
  for (const step of ['business', 'person', 'bank']) await press(`${path}${step}`, 'sample');
  return path;
}

async function due(id: string): Promise<string[]> {
  return (await harness.stripe.accounts.retrieve(id)).requirements?.currently_due ?? [];
}

async function sentTypes(): Promise<string[]> {
  const sent = (await drain()).filter(({ url }) => url === ENDPOINTS.test.url);
  return sent.map((one) => verified(one, ENDPOINTS.test.secret).type);
}

describe('The onboarding', () => {
  it('leads through four steps, without a script, and submits the details with the last', async () => {
    const { id, url } = await link();
    const path = await open(url);
    const business = await request(`${path}business`);
    const text = await business.text();
    expect(business.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(text).toContain('Step 1 of 4 · Ann · test mode');
    for (const known of ['value="Ann"', 'value="https://ann.example"']) expect(text).toContain(known);
    expect(text).not.toContain('<script');
    const fields = { business_type: 'company', business_name: 'Ann & Sons', business_url: 'https://sons.example' };
    expect(placeOf(await press(`${path}business`, 'continue', fields))).toBe(`${path}person`);
    expect(await due(id)).not.toContain('business_profile.url');
    expect(placeOf(await press(`${path}person`, 'sample'))).toBe(`${path}bank`);
    expect(placeOf(await press(`${path}bank`, 'sample'))).toBe(`${path}review`);
    expect(await due(id)).toEqual(['tos_acceptance.date', 'tos_acceptance.ip']);
    expect(await harness.stripe.accounts.retrieve(id)).toMatchObject({ details_submitted: false });
    const review = await (await request(`${path}review`)).text();
    for (const part of ['A company', 'Ann &amp; Sons', 'Jenny', '•••• 6819']) expect(review).toContain(part);
    expect(placeOf(await press(`${path}review`, 'submit', { outcome: 'ready' }))).toBe(RETURN_URL);
    expect(await harness.stripe.accounts.retrieve(id)).toMatchObject({
      details_submitted: true,
      charges_enabled: true,
      payouts_enabled: true,
      business_type: 'company',
      business_profile: { name: 'Ann & Sons', url: 'https://sons.example' },
      capabilities: { card_payments: 'active' },
    });
  });

  it.each([
    ['ready', { charges_enabled: true, payouts_enabled: true }],
    ['requirement_due', { charges_enabled: true }],
    ['in_review', { charges_enabled: true }],
    ['payouts_held', { charges_enabled: true, payouts_enabled: false }],
    ['document_needed', { charges_enabled: false }],
    ['in_review_without_charges', { charges_enabled: false, capabilities: { card_payments: 'pending' } }],
    ['cards_not_granted', { capabilities: { card_payments: 'inactive' } }],
    ['rejected', { requirements: { disabled_reason: 'rejected.other' } }],
  ])('can end with %s', async (outcome, expected) => {
    const { id, url } = await link();
    const path = await toReview(url);
    expect(await (await request(`${path}review`)).text()).toContain(`value="${outcome}"`);
    await drain();
    await press(`${path}review`, 'submit', { outcome });
    expect(await harness.stripe.accounts.retrieve(id)).toMatchObject({ details_submitted: true, ...expected });
    const types = await sentTypes();
    expect(types[0]).toBe('account.updated');
    expect(types.includes('capability.updated')).toBe(
      !['document_needed', 'cards_not_granted', 'rejected'].includes(outcome),
    );
  });

  it('can be left at every step, with what was submitted until then and what was typed', async () => {
    const counts: number[] = [];
    for (const last of ['business', 'person', 'bank', 'review']) {
      const { id, url } = await link();
      const path = await open(url);
      for (const step of ['business', 'person', 'bank'].slice(
        0,
        ['business', 'person', 'bank', 'review'].indexOf(last),
      )) {
        await press(`${path}${step}`, 'sample');
      }
      expect(placeOf(await press(`${path}${last}`, 'leave', { first_name: 'Half' }))).toBe(RETURN_URL);
      const account = await harness.stripe.accounts.retrieve(id);
      expect(account).toMatchObject({ details_submitted: false, charges_enabled: false });
      counts.push(account.requirements?.currently_due?.length ?? 0);
    }
    expect(counts).toEqual([10, 8, 3, 2]);
  });

  it('keeps what was typed for the next link', async () => {
    const { id, url } = await link();
    const path = await open(url);
    await press(`${path}business`, 'leave', { business_name: '<Half>', business_url: 'not yet' });
    const again = await harness.stripe.accountLinks.create({
      account: id,
      type: 'account_onboarding',
      refresh_url: REFRESH_URL,
      return_url: RETURN_URL,
    });
    const text = await (await request(`${await open(again.url)}business`)).text();
    expect(text).toContain('value="&lt;Half&gt;"');
    expect(text).toContain('value="not yet"');
  });

  it('marks what is wrong beside its field, keeps the rest, and submits nothing', async () => {
    const { id, url } = await link();
    const path = await open(url);
    const fields = { business_type: 'individual', business_name: 'Ann', business_url: 'shop' };
    const response = await press(`${path}business`, 'continue', fields);
    expect(response.status).toBe(422);
    const text = await response.text();
    expect(text).toContain('id="business_url_error"');
    expect(text).toContain('value="shop"');
    expect(text).toMatch(/value="individual" checked/);
    expect(text).not.toContain('id="business_type_error"');
    expect(await due(id)).toContain('business_profile.url');
  });

  it('leads to the step that is not done, before the review', async () => {
    const { url } = await link();
    const path = await open(url);
    await press(`${path}business`, 'sample');
    expect(placeOf(await get(`${path}review`))).toBe(`${path}person`);
    expect(placeOf(await press(`${path}review`, 'submit', { outcome: 'ready' }))).toBe(`${path}person`);
  });

  it('ends once, also with two clicks, and without a return_url stays here', async () => {
    const { id, url } = await link(null);
    const path = await toReview(url);
    const done = placeOf(await press(`${path}review`, 'submit', { outcome: 'ready' }));
    expect(placeOf(await press(`${path}review`, 'submit', { outcome: 'rejected' }))).toBe(done);
    expect(await (await get(done)).text()).toContain('You can close this page');
    expect((await harness.stripe.accounts.retrieve(id)).charges_enabled).toBe(true);
    expect(placeOf(await get(`${path}business`))).toBe(REFRESH_URL);
  });
});

describe('An account link', () => {
  it('is opened once: the second time it leads to refresh_url', async () => {
    const { url } = await link();
    const path = await open(url);
    expect(placeOf(await get(url))).toBe(REFRESH_URL);
    expect((await request(`${path}business`)).status).toBe(200);
  });

  it.each([
    ['/v2', 600],
    ['/v1', 300],
  ])('of %s leads to refresh_url after %i seconds', async (namespace, seconds) => {
    const { id, url } = await link();
    const v1 = await harness.stripe.accountLinks.create({
      account: id,
      type: 'account_onboarding',
      refresh_url: REFRESH_URL,
      return_url: RETURN_URL,
    });
    await harness.control('POST', '/_control/clock', { advance_seconds: seconds });
    expect(placeOf(await get(namespace === '/v1' ? v1.url : url))).toBe(REFRESH_URL);
  });

  it('leads to refresh_url once the account has left, also on the way', async () => {
    const { id, url } = await link();
    const path = await open(url);
    await harness.control('POST', `/_control/accounts/${id}/deauthorize`, {});
    expect(placeOf(await get(`${path}business`))).toBe(REFRESH_URL);
    expect(placeOf(await press(`${path}business`, 'sample'))).toBe(REFRESH_URL);
  });

  it('of nobody is not found', async () => {
    const { id } = await link();
    for (const path of [`/setup/s/${id}/none`, '/setup/o/none/business'])
      expect((await request(path)).status).toBe(404);
    const { url } = await link();
    expect((await get(`${await open(url)}nothing`)).status).toBe(404);
  });
});
