import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { rowsOf } from '../support/api.ts';
import {
  newTraveller,
  openSession,
  pay,
  runCronAndDeliver,
  type Traveller,
  takeEvents,
  travel,
} from '../support/travel.ts';

const DAY = 24 * 60;

beforeAll(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterAll(() => void vi.useRealTimers());

/** A day goes by, and every Stripe event of it is lost. */
async function dayWithoutEvents(traveller: Traveller): Promise<void> {
  await takeEvents(traveller);
  await travel(DAY);
  for (let runs = 0; runs < 2; runs++) await runCronAndDeliver();
}

const statusOf = async ({ shop }: Traveller) =>
  (await rowsOf('payments', shop.workspace.id)).map(({ status }) => status);
const eventsOf = async ({ shop }: Traveller) => (await rowsOf('events', shop.workspace.id)).map(({ type }) => type);

describe('a voucher that the buyer pays days later', () => {
  it.each([
    ['processing_succeeded', 'succeeded'],
    ['processing_failed', 'failed'],
  ] as const)('is processing all that time, then %s, with every Stripe event lost', async (outcome, status) => {
    const traveller = await newTraveller();
    const session = await openSession(traveller, {});
    await pay(session, 'voucher');
    for (let days = 0; days < 4; days++) {
      await dayWithoutEvents(traveller);
      expect(await statusOf(traveller)).toEqual(['processing']);
    }
    await pay(session, outcome);
    for (let days = 0; days < 2; days++) await dayWithoutEvents(traveller);
    expect(await statusOf(traveller)).toEqual([status]);
    expect(await eventsOf(traveller)).toEqual(['payments.payment.processing', `payments.payment.${status}`]);
  });
});
