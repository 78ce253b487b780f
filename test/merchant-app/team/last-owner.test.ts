import { describe, expect, it } from 'vitest';
import type { Organisation } from '../../../src/db/members.ts';
import { changeRole } from '../../../src/domain/members/change-role.ts';
import { leave } from '../../../src/domain/members/leave.ts';
import { removeMember } from '../../../src/domain/members/remove-member.ts';
import { TestApp } from '../support/app.ts';
import { contextOf } from '../support/screens.ts';
import { newMember, newOrganisation } from '../support/team.ts';
import { actionsOf, formsOf, membersOf, seen } from '../support/traces.ts';

const app = new TestApp();

/** The context in which a person acts in the live workspace. */
const contextOfPerson = (id: string, { id: workspaceId, shard }: Organisation) =>
  contextOf(workspaceId, shard, { kind: 'person', id, address: '192.0.2.1' });

const ownersOf = async (organisation: Organisation) =>
  Object.values(await membersOf(organisation)).filter((role) => role === 'owner');

describe('the last owner', () => {
  it('cannot leave, be removed, or get another role, and reads why', async () => {
    const organisation = await newOrganisation('Quay', '1');
    const owner = await newMember(app, organisation, 'owner');
    await newMember(app, organisation, 'admin');
    const send = formsOf(owner.browser, organisation);
    const answers = [
      await send('team/owners/leave'),
      await send(`team/owners/members/${owner.id}/remove`),
      await send(`team/owners/members/${owner.id}/role`, { from: 'owner', role: 'admin' }),
    ];
    for (const answer of answers) {
      expect(await seen(answer)).toMatchObject({ status: 409, text: expect.stringContaining('The last owner stays') });
    }
    expect(await membersOf(organisation)).toMatchObject({ [owner.email]: 'owner' });
    expect(await actionsOf(organisation)).toEqual([]);
    const page = await (await owner.browser.get(`/app/live/${organisation.id}/team/owners/leave`)).text();
    expect(page).toContain('You are the only owner');
    expect(page).not.toMatch(/action="[^"]*\/leave"/);
  });

  it('stays where two owners leave at once', async () => {
    for (let n = 0; n < 10; n++) {
      const organisation = await newOrganisation('Quay', n % 2 === 0 ? '0' : '1');
      const owners = [await newMember(app, organisation, 'owner'), await newMember(app, organisation, 'owner')];
      const results = await Promise.all(
        owners.map(async ({ id }) =>
          leave(await contextOfPerson(id, organisation), { organisation, reach: 'owner' }, id),
        ),
      );
      expect(results.map(({ outcome }) => outcome).sort()).toEqual(['done', 'last_owner']);
      expect(await ownersOf(organisation)).toEqual(['owner']);
    }
  });

  it('stays where two owners leave at once by their own forms', async () => {
    const organisation = await newOrganisation();
    const owners = [await newMember(app, organisation, 'owner'), await newMember(app, organisation, 'owner')];
    const answers = await Promise.all(owners.map(({ browser }) => formsOf(browser, organisation)('team/owners/leave')));
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 409]);
    expect(await ownersOf(organisation)).toEqual(['owner']);
  });

  it('stays where owners leave, remove one another and step down at once', async () => {
    for (let n = 0; n < 10; n++) {
      const organisation = await newOrganisation();
      const [one, two] = [await newMember(app, organisation, 'owner'), await newMember(app, organisation, 'owner')];
      const team = { organisation, reach: 'owner' } as const;
      const [asOne, asTwo] = [await contextOfPerson(one.id, organisation), await contextOfPerson(two.id, organisation)];
      await Promise.all([
        removeMember(asOne, team, two.id),
        removeMember(asTwo, team, one.id),
        changeRole(asOne, team, { personId: one.id, from: 'owner', role: 'viewer' }),
        changeRole(asOne, team, { personId: two.id, from: 'owner', role: 'admin' }),
        leave(asTwo, team, two.id),
      ]);
      expect(await ownersOf(organisation)).toEqual(['owner']);
    }
  });
});
