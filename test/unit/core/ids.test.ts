import { describe, expect, it } from 'vitest';
import {
  DEFAULT_SHARD,
  newApiKeyId,
  newEventId,
  newOperationId,
  newPaymentLinkToken,
  newWebhookEndpointId,
  parsePaymentLinkToken,
  paymentLinkTokenIn,
  SHARD_ALPHABET,
  shardIndex,
  shardOf,
} from '../../../src/core/ids.ts';

const shards = [...SHARD_ALPHABET];

describe('shards', () => {
  it('are 36, numbered from the default one', () => {
    expect(shards).toHaveLength(36);
    expect(shards.map(shardIndex)).toEqual(shards.map((_, index) => index));
    expect(shardIndex(DEFAULT_SHARD)).toBe(0);
  });

  it.each(['', 'A', '-', '00', 'ab', '０', '\u0000'])('are not %j', (text) => {
    expect(() => shardIndex(text)).toThrow(RangeError);
    expect(() => newPaymentLinkToken(text)).toThrow(RangeError);
    expect(() => newOperationId(text)).toThrow(RangeError);
  });
});

describe('new identifiers', () => {
  it.each([
    [newPaymentLinkToken, /^lnk_7[a-z0-9]{20}$/],
    [newOperationId, /^op_7[A-Za-z0-9]{26}$/],
    [newApiKeyId, /^key_7[a-z0-9]{26}$/],
    [newWebhookEndpointId, /^we_7[a-z0-9]{26}$/],
    [newEventId, /^evt_7[0-9a-f]{32}$/],
  ])('%o has its form, carries its shard and does not repeat', (make, form) => {
    const ids = Array.from({ length: 500 }, () => make('7'));
    for (const id of ids) expect(id).toMatch(form);
    expect(new Set(ids).size).toBe(ids.length);
    for (const shard of shards) expect(shardOf(make(shard))).toBe(shard);
  });
});

describe('parsePaymentLinkToken', () => {
  it('reads the shard of every new token', () => {
    for (const shard of shards) expect(parsePaymentLinkToken(newPaymentLinkToken(shard))).toEqual({ shard });
  });

  const token = 'lnk_0abcdefghij0123456789';
  it('accepts the form it refuses variations of', () => {
    expect(parsePaymentLinkToken(token)).toEqual({ shard: '0' });
  });

  it.each([
    '',
    'lnk_',
    token.slice(0, -1),
    `${token}a`,
    `${token}\n`,
    ` ${token}`,
    token.toUpperCase(),
    token.replace('lnk', 'lnx'),
    token.replace('_', '-'),
    token.replace('a', '/'),
    token.replace('a', 'á'),
    token.replace('a', 'A'),
    "lnk_0' or 1=1 --abcdefghi",
  ])('refuses %j', (text) => {
    expect(parsePaymentLinkToken(text)).toBeNull();
  });
});

describe('shardOf', () => {
  it.each([
    '',
    'evt',
    'evt_',
    'evt_0',
    'evt_A123',
    '_0123',
    'EVT_0123',
    'evt_0-123',
    'sk_live_0abc',
    'evt_0abc\n',
    '8123',
  ])('finds none in %j', (id) => {
    expect(shardOf(id)).toBeNull();
  });
});

describe('paymentLinkTokenIn', () => {
  const token = 'lnk_0abcdefghij0123456789';

  it.each([
    token,
    ` ${token}\n`,
    `https://pay.example/pay/link/${token}`,
    `http://localhost:8787/pay/link/${token}/`,
    `https://pay.example/pay/link/${token}?email=ann@example.com#form`,
  ])('finds the token in %j', (text) => {
    expect(paymentLinkTokenIn(text)).toBe(token);
  });

  it.each([
    '',
    'Spring fair',
    token.slice(0, -1),
    `${token}0`,
    token.toUpperCase(),
    `x${token}`,
    `buy ${token}`,
    `${token} and more`,
    `https://pay.example/pay/link/${token}/done`,
  ])('finds none in %j', (text) => {
    expect(paymentLinkTokenIn(text)).toBeNull();
  });
});
