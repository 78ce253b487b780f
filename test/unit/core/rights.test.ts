import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Mode } from '../../../src/core/api-keys.ts';
import {
  type Action,
  isAtLeast,
  isGuarded,
  leastRole,
  lowerRole,
  may,
  mayGrantScopes,
  mayWhileClosed,
  ROLES,
  type Role,
  readRole,
  rolesUpTo,
} from '../../../src/core/rights.ts';
import { SCOPES } from '../../../src/core/scopes.ts';

const MODES: readonly Mode[] = ['sandbox', 'live'];

/** viewer, developer, admin, owner: x may, - may not, g may after confirming who they are. */
const TABLE: Readonly<Record<Action, Readonly<Record<Mode, string>>>> = {
  read: { sandbox: 'xxxx', live: 'xxxx' },
  leave: { sandbox: 'xxxx', live: 'xxxx' },
  'links.write': { sandbox: '-xxx', live: '-xxx' },
  'keys.write': { sandbox: '-xxx', live: '--gg' },
  'webhooks.write': { sandbox: '-xxx', live: '--xx' },
  'refunds.create': { sandbox: '-xxx', live: '--xx' },
  'profile.write': { sandbox: '--xx', live: '--xx' },
  'account.connect': { sandbox: '--xx', live: '--xx' },
  'account.disconnect': { sandbox: '---g', live: '---g' },
  'members.write': { sandbox: '--xx', live: '--xx' },
  'members.owners': { sandbox: '---g', live: '---g' },
  'workspace.finish': { sandbox: '---x', live: '---x' },
  'workspace.close': { sandbox: '---g', live: '---g' },
};

const isAction = (name: string): name is Action => name in TABLE;
const ACTIONS = Object.keys(TABLE).filter(isAction);

describe('the table of rights', () => {
  it.each(ACTIONS.flatMap((action) => MODES.map((mode) => [action, mode] as const)))(
    'says who may %s in %s',
    (action, mode) => {
      const signs = ROLES.map((role) => (!may(role, action, mode) ? '-' : isGuarded(action, mode) ? 'g' : 'x')).join(
        '',
      );
      expect(signs).toBe(TABLE[action][mode]);
      expect(ROLES.filter((role) => may(role, action, mode))[0]).toBe(leastRole(action, mode));
    },
  );

  it('leaves in a closed workspace only reading, the team, closing and cutting the tie to Stripe', () => {
    expect(ACTIONS.filter(mayWhileClosed)).toEqual([
      'read',
      'leave',
      'account.disconnect',
      'members.write',
      'members.owners',
      'workspace.finish',
      'workspace.close',
    ]);
  });

  it('gives a higher role all that a lower one may do', () => {
    const anything = fc.tuple(
      fc.constantFrom(...ROLES),
      fc.constantFrom(...ROLES),
      fc.constantFrom(...ACTIONS),
      fc.constantFrom(...MODES),
    );
    fc.assert(
      fc.property(anything, ([one, other, action, mode]) => {
        expect(may(lowerRole(one, other), action, mode) && !may(one, action, mode)).toBe(false);
      }),
    );
  });
});

describe('roles', () => {
  it('stand in an order', () => {
    expect(ROLES.map(rolesUpTo)).toEqual([
      ['viewer'],
      ['viewer', 'developer'],
      ['viewer', 'developer', 'admin'],
      ['viewer', 'developer', 'admin', 'owner'],
    ]);
    for (const [index, role] of ROLES.entries()) {
      for (const [place, other] of ROLES.entries()) {
        expect(isAtLeast(role, other)).toBe(index >= place);
        expect(lowerRole(role, other)).toBe(ROLES[Math.min(index, place)]);
      }
    }
  });

  it('are read from their names alone', () => {
    expect(ROLES.map(readRole)).toEqual([...ROLES]);
    for (const text of [null, '', 'Owner', ' owner', 'king', 'constructor']) expect(readRole(text)).toBeNull();
  });
});

const OF_OWNERS = ['service.payments.account.write', 'service.payments.*'];

/** Who may give one scope: in the sandbox, in live. null: nobody. */
const GRANTS: readonly (readonly [scope: string, sandbox: Role | null, live: Role | null])[] = [
  ['service.payments.checkout.create', 'developer', 'admin'],
  ['service.payments.checkout.read', 'developer', 'admin'],
  ['service.payments.links.read', 'developer', 'admin'],
  ['service.payments.links.write', 'developer', 'admin'],
  ['service.payments.payments.read', 'developer', 'admin'],
  ['service.payments.refunds.create', 'developer', 'admin'],
  ['service.payments.webhooks.read', 'developer', 'admin'],
  ['service.payments.webhooks.write', 'developer', 'admin'],
  ['service.payments.profile.read', 'developer', 'admin'],
  ['service.payments.profile.write', 'developer', 'admin'],
  ['service.payments.account.read', 'developer', 'admin'],
  ['service.payments.account.write', 'developer', 'owner'],
  ['service.payments.keys.write', 'developer', 'admin'],
  ['service.payments.*', 'developer', 'owner'],
  ['*', null, null],
  ['service.payments', null, null],
  ['', null, null],
];

describe('the scopes that a person may give to a key', () => {
  it('are all in the table below', () => {
    expect(GRANTS.map(([scope]) => scope)).toEqual(expect.arrayContaining([...SCOPES]));
  });

  it.each(GRANTS)('%s: from %s on in the sandbox, from %s on in live', (scope, sandbox, live) => {
    for (const [mode, least] of [
      ['sandbox', sandbox],
      ['live', live],
    ] as const) {
      for (const role of ROLES) {
        expect([role, mayGrantScopes(role, mode, [scope])]).toEqual([role, least !== null && isAtLeast(role, least)]);
      }
    }
  });

  it('are allowed together where each is allowed, to whom may make keys', () => {
    const scopes = fc.array(fc.constantFrom(...SCOPES, ...OF_OWNERS, '*', 'service.*', ''), { maxLength: 6 });
    fc.assert(
      fc.property(fc.constantFrom(...ROLES), fc.constantFrom(...MODES), scopes, (role, mode, wanted) => {
        const each = wanted.every((scope) => mayGrantScopes(role, mode, [scope]));
        expect(mayGrantScopes(role, mode, wanted)).toBe(each && may(role, 'keys.write', mode));
        if (wanted.includes('*')) expect(mayGrantScopes(role, mode, wanted)).toBe(false);
        if (mode === 'live' && wanted.some((scope) => OF_OWNERS.includes(scope)) && role !== 'owner') {
          expect(mayGrantScopes(role, mode, wanted)).toBe(false);
        }
      }),
    );
  });

  it('never are any text that is no scope', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ROLES), fc.constantFrom(...MODES), fc.string(), (role, mode, text) => {
        const isKnown = [...SCOPES.map(String), 'service.payments.*'].includes(text);
        expect(mayGrantScopes(role, mode, [text]) && !isKnown).toBe(false);
      }),
    );
  });
});
