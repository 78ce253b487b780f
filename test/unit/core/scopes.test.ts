import { describe, expect, it } from 'vitest';
import { grants, isGrantable, SCOPES } from '../../../src/core/scopes.ts';

describe('isGrantable', () => {
  it.each([...SCOPES, 'service.payments.*', '*'])('accepts %s', (scope) => {
    expect(isGrantable(scope)).toBe(true);
  });

  it.each(['', '**', 'service.*', 'service.payments', 'service.payments.', 'service.paymentsx.links.read', 'toString'])(
    'refuses %j',
    (scope) => {
      expect(isGrantable(scope)).toBe(false);
    },
  );

  it('refuses a scope in upper case or with white space', () => {
    expect(isGrantable('SERVICE.PAYMENTS.LINKS.READ')).toBe(false);
    expect(isGrantable('service.payments.links.read ')).toBe(false);
  });
});

describe('grants', () => {
  it('gives each scope to the key that holds exactly it, and no other', () => {
    for (const held of SCOPES) {
      for (const needed of SCOPES) expect(grants([held], needed), `${held} for ${needed}`).toBe(held === needed);
    }
  });

  it('gives every scope but keys.write for service.payments.*', () => {
    const refused = SCOPES.filter((scope) => !grants(['service.payments.*'], scope));
    expect(refused).toEqual(['service.payments.keys.write']);
  });

  it('gives keys.write beside the wildcard when it is held by name', () => {
    expect(grants(['service.payments.*', 'service.payments.keys.write'], 'service.payments.keys.write')).toBe(true);
  });

  it('gives everything for *', () => {
    expect(SCOPES.every((scope) => grants(['*'], scope))).toBe(true);
  });

  it.each([
    'service.paymentsx.*',
    'service.paymentsx.links.read',
    'service.*',
    'service.payments.links.*',
    'service.payments',
    'service.payments.links',
    'service.payments.links.read.all',
    'SERVICE.PAYMENTS.*',
    '',
  ])('gives nothing for %j', (held) => {
    expect(SCOPES.filter((scope) => grants([held], scope))).toEqual([]);
  });

  it('gives nothing to a key without scopes', () => {
    expect(SCOPES.filter((scope) => grants([], scope))).toEqual([]);
  });
});
