import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { newFormId } from '../../../src/core/ids.ts';
import type { Organisation } from '../../../src/db/members.ts';
import { workspaces } from '../../../src/db/schema.ts';
import { TestApp } from '../support/app.ts';
import { directory, newMember, newOrganisation, shardOne } from '../support/team.ts';
import { actionsOf, auditOf, formsOf, seen } from '../support/traces.ts';

const app = new TestApp();

async function statusesOf({ id, shard }: Organisation) {
  const database = shard === '0' ? directory : shardOne;
  const pair = await database.select().from(workspaces).where(eq(workspaces.pairId, id));
  return pair.map(({ status }) => status);
}

describe('closing a workspace', () => {
  it.each([
    ['0', 'sandbox'],
    ['1', 'live'],
  ] as const)('closes both, once, after its name was typed (shard %s, from %s)', async (shard, mode) => {
    const organisation = await newOrganisation('Harbour  <i>Studio</i>', shard);
    const owner = await newMember(app, organisation, 'owner');
    const send = formsOf(owner.browser, organisation, mode);
    const path = `/app/${mode === 'live' ? 'live' : 'test'}/${organisation.id}/close`;
    const page = await (await owner.browser.get(path)).text();
    for (const text of ['answered 402', 'take no payments', 'stay readable', 'Only the operators']) {
      expect(page).toContain(text);
    }
    expect(page).not.toContain('<i>');
    for (const name of ['', 'harbour', 'Quay']) {
      expect(await seen(await send('close', { name }))).toMatchObject({
        status: 422,
        text: expect.stringContaining('This is not the name'),
      });
    }
    expect(await statusesOf(organisation)).toEqual(['active', 'active']);
    expect(await actionsOf(organisation)).toEqual([]);

    for (let n = 0; n < 2; n++) {
      const closed = await seen(await send('close', { name: ' Harbour <i>Studio</i> ' }));
      expect(closed).toMatchObject({ status: 303, location: path });
    }
    expect(await statusesOf(organisation)).toEqual(['suspended', 'suspended']);
    expect(await auditOf(organisation)).toMatchObject([
      { action: 'workspace.close', object: organisation.id, actor: `person:${owner.id}` },
    ]);
    const after = await (await owner.browser.get(path)).text();
    expect(after).toContain('This workspace is closed');
    expect(after).not.toMatch(/action="[^"]*\/close"/);
    const home = await owner.browser.get(`/app/live/${organisation.id}/home`);
    expect(await home.text()).toContain('This workspace is closed');
  });

  it.each(['sandbox', 'live'] as const)('leaves only reading, the team and disconnecting in %s', async (mode) => {
    const organisation = await newOrganisation();
    const owner = await newMember(app, organisation, 'owner');
    const send = formsOf(owner.browser, organisation, mode);
    await directory.update(workspaces).set({ status: 'suspended' }).where(eq(workspaces.pairId, organisation.id));
    for (const path of ['developers/keys', 'developers/webhooks', 'links', 'payments/1/refund', 'settings/business']) {
      const refused = await seen(await send(path, { form: newFormId(), name: 'x', title: 'x', amount: '5' }));
      expect(refused, path).toMatchObject({ status: 409, text: expect.stringContaining('This workspace is closed') });
    }
    expect(await actionsOf(organisation)).toEqual([]);
    for (const path of ['payments', 'links', 'settings/audit', 'team', 'settings/stripe/disconnect']) {
      const at = `/app/${mode === 'live' ? 'live' : 'test'}/${organisation.id}/${path}`;
      expect((await owner.browser.get(at)).status, path).toBe(200);
    }
    const invited = await send('team/invitations', { email: 'new@example.com', role: 'viewer' });
    expect(invited.status).toBe(303);
  });

  it('that an operator has suspended is recorded, once: the owner does not want it back', async () => {
    const organisation = await newOrganisation();
    const owner = await newMember(app, organisation, 'owner');
    const send = formsOf(owner.browser, organisation);
    await directory
      .update(workspaces)
      .set({ status: 'suspended', updatedAt: Date.now() })
      .where(eq(workspaces.pairId, organisation.id));
    for (let n = 0; n < 2; n++) expect((await send('close', { name: 'Harbour Studio' })).status).toBe(303);
    const entry = { action: 'workspace.close', object: organisation.id, actor: `person:${owner.id}` };
    expect(await auditOf(organisation)).toMatchObject([entry]);
    expect(await statusesOf(organisation)).toEqual(['suspended', 'suspended']);
  });
});
