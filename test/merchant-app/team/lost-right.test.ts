import { and, eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import type { Role } from '../../../src/core/rights.ts';
import type { Organisation } from '../../../src/db/members.ts';
import { invitations, members } from '../../../src/db/team-schema.ts';
import { interruptedD1 } from '../../worker/support/counting.ts';
import { DB, DB_1, TestApp } from '../support/app.ts';
import { directory, newEmail, newOrganisation, newPerson } from '../support/team.ts';
import { auditOf, formsOf, invitationsOf, membersOf } from '../support/traces.ts';

const app = new TestApp();

const stateOf = async (organisation: Organisation) => ({
  members: await membersOf(organisation),
  invitations: await invitationsOf(organisation),
  audit: await auditOf(organisation),
});

interface Case {
  /** The role that is lost. */
  readonly role: Role;
  readonly path: (ids: { readonly viewer: string; readonly invitation: string }) => string;
  readonly fields?: () => Record<string, string>;
}

const CASES: readonly [string, Case][] = [
  [
    'inviting',
    { role: 'admin', path: () => 'team/invitations', fields: () => ({ email: newEmail(), role: 'viewer' }) },
  ],
  [
    'inviting an owner',
    { role: 'owner', path: () => 'team/owners/invitations', fields: () => ({ email: newEmail() }) },
  ],
  ['sending again', { role: 'admin', path: ({ invitation }) => `team/invitations/${invitation}/resend` }],
  ['withdrawing', { role: 'admin', path: ({ invitation }) => `team/invitations/${invitation}/revoke` }],
  [
    'making an owner',
    {
      role: 'owner',
      path: ({ viewer }) => `team/owners/members/${viewer}/role`,
      fields: () => ({ from: 'viewer', role: 'owner' }),
    },
  ],
  ['removing', { role: 'admin', path: ({ viewer }) => `team/members/${viewer}/remove` }],
];

describe('who is removed, or gets a lower role, while their form is being handled', () => {
  it.each(CASES)('changes nothing from then on: %s', async (_, { role, path, fields }) => {
    const changed: boolean[] = [];
    const [actor, viewer, owner] = [await newPerson(app), await newPerson(app), await newPerson(app)];
    for (const loses of ['everything', 'the role'] as const) {
      // One round trip later each time, until the form is done before.
      for (let [trip, isReached] = [1, true]; isReached; trip++) {
        const organisation = await newOrganisation();
        const rows = [
          { personId: actor.id, role },
          { personId: viewer.id, role: 'viewer' as const },
          { personId: owner.id, role: 'owner' as const },
        ];
        const common = { organisationId: organisation.id, createdAt: 1 };
        await directory.insert(members).values(rows.map((row) => ({ ...row, ...common })));
        const open = { ...common, role: 'viewer', invitedBy: null } as const;
        const invitation = { ...open, id: crypto.randomUUID(), email: newEmail(), expiresAt: Date.now() + 60_000 };
        await directory.insert(invitations).values(invitation);
        const isActor = and(eq(members.organisationId, organisation.id), eq(members.personId, actor.id));
        const before = await stateOf(organisation);
        let atLoss: unknown = null;
        const databases = interruptedD1({ DB, DB_1 }, trip, async () => {
          if (loses === 'everything') await directory.delete(members).where(isActor);
          else await directory.update(members).set({ role: 'developer' }).where(isActor);
          atLoss = await stateOf(organisation);
        });
        const browser = actor.browser.in(new TestApp({}, databases));
        await formsOf(browser, organisation)(path({ viewer: viewer.id, invitation: invitation.id }), fields?.());
        isReached = atLoss !== null;
        if (isReached) expect(await stateOf(organisation)).toEqual(atLoss);
        else changed.push(JSON.stringify(await stateOf(organisation)) !== JSON.stringify(before));
      }
    }
    expect(changed).toEqual([true, true]);
  });
});
