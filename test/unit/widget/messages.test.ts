import { describe, expect, it } from 'vitest';
import { messageOf, readMessage } from '../../../src/contract/messages.ts';

const ORIGIN = 'https://pay.example';
const frame = { name: 'our frame' };
const other = { name: 'another window' };
const data = { source: 'softsolz', type: 'payments.succeeded', data: { payment_id: 8123 } };

describe('readMessage', () => {
  it('reads a message of our frame', () => {
    expect(readMessage({ origin: ORIGIN, source: frame, data }, ORIGIN, frame)).toEqual([
      'succeeded',
      { payment_id: 8123 },
    ]);
  });

  it.each([
    'http://pay.example',
    'https://pay.example:8443',
    'https://pay.example.evil.example',
    'https://evilpay.example',
    'null',
    '',
  ])('reads nothing from %j', (origin) => {
    expect(readMessage({ origin, source: frame, data }, ORIGIN, frame)).toBeNull();
  });

  it('reads nothing from another window of the right origin', () => {
    expect(readMessage({ origin: ORIGIN, source: other, data }, ORIGIN, frame)).toBeNull();
  });

  it.each([null, undefined])('reads nothing while there is no frame, although both windows are %s', (none) => {
    expect(readMessage({ origin: ORIGIN, source: none, data }, ORIGIN, none)).toBeNull();
  });

  it.each([
    ['null', null],
    ['a text', 'payments.succeeded'],
    ['a number', 7],
    ['nothing', undefined],
    ['a message of somebody else', { ...data, source: 'shop' }],
  ])('reads nothing in %s', (_, posted) => {
    expect(readMessage({ origin: ORIGIN, source: frame, data: posted }, ORIGIN, frame)).toBeNull();
  });

  it('reads what the other side writes', () => {
    const posted = { origin: ORIGIN, source: frame, data: messageOf('focus') };
    expect(readMessage(posted, ORIGIN, frame)).toEqual(['focus', {}]);
  });
});
