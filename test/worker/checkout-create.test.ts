import { describe, expect, it } from 'vitest';
import { accountOf, createRequests, expectSession, rowsOf } from './support/api.ts';
import { stripeSessions } from './support/simulator.ts';
import { call, newWorkspace } from './support/workspace.ts';

const PUBLISHED = {
  amount: 49.99,
  currency: 'gbp',
  description: 'Order #1042',
  reference: '1042',
  customer_email: 'buyer@example.com',
  success_url: 'https://yoursite.com/pay/success',
  cancel_url: 'https://yoursite.com/pay/cancel',
  metadata: { order_id: '1042' },
};

describe('the published example', () => {
  it('answers the published response', async () => {
    const { key, account } = await newWorkspace({ mode: 'live' });
    const response = await call(key, 'POST', '/checkout-sessions', PUBLISHED, {
      'Idempotency-Key': '11111111-2222-3333-4444-555555555555',
    });
    expect(response.headers.get('Content-Type')).toMatch(/^application\/json/);
    const session = await expectSession(response);
    console.log(session, await createRequests(account), (await stripeSessions(accountOf(account))).length);
    expect(session).toBe(1);
  });
});
void rowsOf;
