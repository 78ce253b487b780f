import { afterEach, describe, expect, it, vi } from 'vitest';
import { SIMULATED } from '../../../support/simulated.ts';
import { attempt, attemptsOf, deliveryRow, endpointRow, playReceiver } from '../../support/deliveries.ts';
import { paidQuietly } from '../../support/payments.ts';
import { scriptSink, sinkRequests } from '../../support/simulator.ts';
import { shortenWaits } from '../../support/waits.ts';
import { newWorkspace, type TestWorkspace } from '../../support/workspace.ts';

const KEPT = 8 * 1024;

afterEach(() => {
  vi.restoreAllMocks();
});

async function waiting(): Promise<{ shop: TestWorkspace; id: string; url: unknown }> {
  const shop = await newWorkspace();
  const { deliveryIds } = await paidQuietly(shop);
  return { shop, id: deliveryIds[0] ?? '', url: (await endpointRow(shop)).url };
}

/** A body that goes on until it is cancelled. `everyMs`: between its parts. Ends with an error when the request is aborted. */
function endless(part: string, everyMs: number, signal: AbortSignal | null) {
  const state = { sent: 0, cancelled: false };
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (everyMs > 0) await new Promise((resolve) => setTimeout(resolve, everyMs));
      if (signal?.aborted) {
        controller.error(signal.reason);
        return;
      }
      state.sent += 1;
      controller.enqueue(new TextEncoder().encode(part));
    },
    cancel() {
      state.cancelled = true;
    },
  });
  return { stream, state };
}

describe('A receiver that redirects', () => {
  it.each([301, 302, 303, 307, 308])('with %i is not followed: nobody else sees the event', async (status) => {
    const { shop, id } = await waiting();
    const target = `${shop.sink}-target`;
    await scriptSink(shop.sink, { status, location: `${SIMULATED.stripeUrl}/sink/${target}` });
    await attempt([id]);
    expect(await sinkRequests(shop.sink)).toHaveLength(1);
    expect(await sinkRequests(target)).toEqual([]);
    expect(await attemptsOf(id)).toMatchObject([{ status_code: status }]);
    expect(await deliveryRow(id)).toMatchObject({ status: 'pending', attempt_count: 1 });
  });
});

describe('Receivers that are slow', () => {
  it('to answer are given up after 10 seconds; one slow only with its body has answered all the same', async () => {
    const [silent, dripping] = [await waiting(), await waiting()];
    await scriptSink(silent.shop.sink, { delay_ms: 20_000, times: 1 });
    const limits = shortenWaits({ from: 10_000, to: 2_500 });
    // One byte each tenth of a second.
    const receiver = playReceiver(dripping.url, ({ signal }) => new Response(endless('.', 100, signal).stream));
    const { sent } = await attempt([silent.id, dripping.id]);

    const [gaveUp] = await attemptsOf(silent.id);
    expect(gaveUp).toMatchObject({ status_code: null, error: expect.stringContaining('timeout'), response_body: '' });
    expect(limits.count).toBe(2);
    expect(Number(gaveUp?.duration_ms)).toBeGreaterThanOrEqual(2_400);
    expect(await deliveryRow(silent.id)).toMatchObject({ status: 'pending', attempt_count: 1, claim: null });
    expect(sent.map((message) => message.deliveryId)).toEqual([silent.id]);

    expect(receiver.received).toBe(1);
    const [answered] = await attemptsOf(dripping.id);
    expect(answered).toMatchObject({ status_code: 200, error: null, response_body: expect.stringMatching(/^\.+$/) });
    expect(Number(answered?.duration_ms)).toBeGreaterThanOrEqual(900);
    expect(Number(answered?.duration_ms)).toBeLessThan(Number(gaveUp?.duration_ms));
    expect(await deliveryRow(dripping.id)).toMatchObject({ status: 'succeeded' });
  });
});

describe('A receiver whose answer is large', () => {
  it('is read up to 8 KB and then cut off, however long it goes on', async () => {
    const { id, url } = await waiting();
    const parts: ReturnType<typeof endless>['state'][] = [];
    playReceiver(url, ({ signal }) => {
      const body = endless('x'.repeat(1024), 0, signal);
      parts.push(body.state);
      return new Response(body.stream, { status: 500 });
    });
    await attempt([id]);
    expect(await attemptsOf(id)).toMatchObject([{ status_code: 500, response_body: 'x'.repeat(KEPT) }]);
    expect(parts).toMatchObject([{ cancelled: true }]);
    expect(parts[0]?.sent).toBeLessThan(64);
  });

  it('is cut within one part of 2 MB too', async () => {
    const { id, url } = await waiting();
    playReceiver(url, () => new Response('y'.repeat(2 * 1024 * 1024)));
    await attempt([id]);
    expect(await attemptsOf(id)).toMatchObject([{ status_code: 200, response_body: 'y'.repeat(KEPT) }]);
    expect(await deliveryRow(id)).toMatchObject({ status: 'succeeded' });
  });

  it('is kept as text, also where the cut falls into a character or the bytes are none', async () => {
    const { id, url } = await waiting();
    playReceiver(url, () => new Response(new Uint8Array(KEPT + 10).fill(0xc3), { status: 500 }));
    await attempt([id]);
    const [tried] = await attemptsOf(id);
    expect(tried?.response_body).toMatch(/^\ufffd+$/);
  });

  it('is kept as it came where it is markup: whoever shows it has to escape it', async () => {
    const { id, url } = await waiting();
    const markup = '<html><script>alert(1)</script></html>';
    playReceiver(url, () => new Response(markup, { status: 404, headers: { 'Content-Type': 'text/html' } }));
    await attempt([id]);
    expect(await attemptsOf(id)).toMatchObject([{ status_code: 404, response_body: markup }]);
  });
});

describe('A receiver that cannot be reached', () => {
  it('is an attempt without a status, and is tried again', async () => {
    const { id, url } = await waiting();
    const receiver = playReceiver(url, () => {
      throw new TypeError('Network connection lost.');
    });
    const { acked, sent } = await attempt([id]);
    expect(receiver.received).toBe(1);
    expect(acked).toEqual(['message-0']);
    expect(sent).toHaveLength(1);
    expect(await attemptsOf(id)).toMatchObject([
      { number: 1, status_code: null, error: expect.stringContaining('Network connection lost'), response_body: '' },
    ]);
    expect(await deliveryRow(id)).toMatchObject({ status: 'pending', attempt_count: 1, claim: null });
  });

  it('after its status line has answered all the same', async () => {
    const { id, url } = await waiting();
    const broken = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('so far'));
      },
      pull(controller) {
        controller.error(new TypeError('Network connection lost.'));
      },
    });
    playReceiver(url, () => new Response(broken, { status: 202 }));
    await attempt([id]);
    expect(await attemptsOf(id)).toMatchObject([{ status_code: 202, error: null }]);
    expect(await deliveryRow(id)).toMatchObject({ status: 'succeeded' });
  });

  it('does not hold up the others of its batch', async () => {
    const [dead, healthy] = [await waiting(), await waiting()];
    playReceiver(dead.url, () => {
      throw new TypeError('Network connection lost.');
    });
    await attempt([dead.id, healthy.id]);
    expect(await deliveryRow(healthy.id)).toMatchObject({ status: 'succeeded' });
    expect(await deliveryRow(dead.id)).toMatchObject({ status: 'pending' });
  });
});
