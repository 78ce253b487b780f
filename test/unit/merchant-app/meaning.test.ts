import { describe, expect, it } from 'vitest';
import { meaningOf } from '../../../src/merchant-app/developers/webhooks/meaning.ts';

describe('What the outcome of a delivery means', () => {
  it.each([
    [200, 'delivered'],
    [204, 'delivered'],
    [301, 'redirect'],
    [401, 'refused'],
    [403, 'refused'],
    [404, 'missing'],
    [405, 'method'],
    [410, 'gone'],
    [413, 'tooLarge'],
    [422, 'rejected'],
    [429, 'tooMany'],
    [500, 'failed'],
    [503, 'failed'],
    [504, 'timeout'],
    [521, 'unreachable'],
    [522, 'timeout'],
    [525, 'tls'],
    [526, 'tls'],
    [530, 'unreachable'],
  ] as const)('a %i means: %s', (statusCode, meaning) => {
    expect(meaningOf({ statusCode, error: null })).toBe(meaning);
  });

  it.each([
    ['timeout: no complete answer within 10 seconds', 'timeout'],
    ['connection failed: TLS peer certificate is not trusted', 'tls'],
    ['connection failed: Network connection lost.', 'unreachable'],
    ['connection failed', 'unreachable'],
    ['not sent: its URL must have a public host name', 'notSent'],
  ] as const)('"%s" means: %s', (error, meaning) => {
    expect(meaningOf({ statusCode: null, error })).toBe(meaning);
  });
});
