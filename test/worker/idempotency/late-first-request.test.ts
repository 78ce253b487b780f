import { afterEach, describe, expect, it, vi } from 'vitest';
import { expectError, expectSession } from '../support/api.ts';
import { losingQueue } from '../support/direct.ts';
import { createKeyed, expectOneSession } from '../support/keyed.ts';
import { stripeErrorAnswer, stripeOf } from '../support/scripted-stripe.ts';
import { newWorkspace } from '../support/workspace.ts';

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** The first request for a session waits at Stripe until `answerFirst` is called. All others go through. */
function holdingFirst() {
  const arrived = Promise.withResolvers<void>();
  const answered = Promise.withResolvers<Response | 'passed on'>();
  let isFirst = true;
  stripeOf(async (request, real) => {
    const isCreate = request.method === 'POST' && new URL(request.url).pathname === '/v1/checkout/sessions';
    if (!isCreate || !isFirst) return await real(request);
    isFirst = false;
    arrived.resolve();
    const answer = await answered.promise;
    return answer === 'passed on' ? await real(request) : answer;
  });
  return { arrived: arrived.promise, answerFirst: answered.resolve };
}

const bindings = { DELIVERIES: losingQueue() };

describe('A request that outlives its lease, and whose retry has succeeded meanwhile', () => {
  it('does not take the stored answer with it when Stripe then refuses it', async () => {
    const shop = await newWorkspace();
    const { arrived, answerFirst } = holdingFirst();
    const first = createKeyed(shop, { bindings });
    await arrived;
    vi.useFakeTimers({ toFake: ['Date'] });
    vi.setSystemTime(Date.now() + 31_000);
    const second = await createKeyed(shop, { bindings });
    const made = await second.clone().text();
    answerFirst(stripeErrorAnswer({ status: 400, code: 'amount_too_small' }));
    await expectError(await first, 400, 'invalid_amount');
    await expectOneSession(shop, second);
    const third = await createKeyed(shop, { bindings });
    expect([third.headers.get('Idempotent-Replayed'), await third.text()]).toEqual(['true', made]);
  });

  it('answers the same session when it succeeds too', async () => {
    const shop = await newWorkspace();
    const { arrived, answerFirst } = holdingFirst();
    const first = createKeyed(shop, { bindings });
    await arrived;
    vi.useFakeTimers({ toFake: ['Date'] });
    vi.setSystemTime(Date.now() + 31_000);
    const { id } = await expectOneSession(shop, await createKeyed(shop, { bindings }));
    answerFirst('passed on');
    expect((await expectSession(await first)).id).toBe(id);
    expect((await expectSession(await createKeyed(shop, { bindings }))).id).toBe(id);
  });
});
