import { describe, expect, it } from 'vitest';
import { BASE_URL, refusal } from '../../stripe-simulator/harness.ts';
import { ACCOUNT, create, createV2, harness, request, sentTypes, useShop } from './support/shop.ts';

useShop();

const open = (url: string, init: RequestInit = {}) => request(url.replace(BASE_URL, ''), init);

async function readyExpress(): Promise<string> {
  const { id } = await createV2();
  await harness.control('POST', `/_control/accounts/${id}/outcome`, { outcome: 'ready' });
  return id;
}

describe('A login link', () => {
  it('opens the Express dashboard once, for five minutes', async () => {
    const id = await readyExpress();
    const link = await harness.stripe.accounts.createLoginLink(id);
    expect(link).toMatchObject({ object: 'login_link', created: expect.any(Number) });
    expect(link.url.startsWith(`${BASE_URL}/express/${id}/`)).toBe(true);
    const page = await open(link.url);
    const text = await page.text();
    expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    for (const part of ['Express dashboard', 'Ann', id, 'Disconnect from the platform']) expect(text).toContain(part);
    expect(text).not.toContain('<script');
    expect((await open(link.url)).status).toBe(410);
    const late = await harness.stripe.accounts.createLoginLink(id);
    await harness.control('POST', '/_control/clock', { advance_seconds: 300 });
    expect((await open(late.url)).status).toBe(410);
    expect((await open(`/express/${id}/none`)).status).toBe(404);
  });

  it('is refused for an account with another dashboard, one that is not onboarded, and one that has left', async () => {
    const { accounts } = harness.stripe;
    expect(await refusal(accounts.createLoginLink(ACCOUNT))).toMatchObject({
      statusCode: 400,
      type: 'StripeInvalidRequestError',
      message: /not an Express account/,
    });
    const { id } = await createV2();
    expect(await refusal(accounts.createLoginLink(id))).toMatchObject({
      statusCode: 400,
      message: /not completed onboarding/,
    });
    const ready = await readyExpress();
    await harness.control('POST', `/_control/accounts/${ready}/deauthorize`, {});
    expect(await refusal(accounts.createLoginLink(ready))).toMatchObject({ statusCode: 403, code: 'account_invalid' });
    expect(await refusal(harness.liveStripe.accounts.createLoginLink(ready))).toMatchObject({ statusCode: 403 });
  });
});

describe('The Express dashboard', () => {
  it('disconnects the account from the platform, once', async () => {
    const id = await readyExpress();
    const { url } = await harness.stripe.accounts.createLoginLink(id);
    expect((await open(url, { method: 'POST' })).status).toBe(410);
    await open(url);
    await sentTypes();
    for (const _click of [1, 2]) {
      const answer = await open(url, { method: 'POST' });
      expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('Disconnected')]);
    }
    expect(await sentTypes()).toEqual(['account.application.deauthorized']);
    expect(await refusal(create({}, { stripeAccount: id }))).toMatchObject({ code: 'account_invalid' });
  });
});
