import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import type { DatabaseBindings } from '../../src/core/shards.ts';
import type { Organisation } from '../../src/db/members.ts';
import { workspaces } from '../../src/db/schema.ts';
import { organisations } from '../../src/db/team-schema.ts';
import { renamePair } from '../../src/domain/workspaces/rename-pair.ts';
import { configOf } from '../../src/env.ts';
import { makeContext } from '../../src/make-context.ts';
import { bindings, DB, DB_1, TestApp } from './support/app.ts';
import { directory, newMember, newOrganisation, shardOne } from './support/team.ts';
import { breakable } from './support/workspaces.ts';

describe('an operator who renames a workspace', () => {
  const config = configOf(bindings);
  const operatorIn = (shard: string, databases: DatabaseBindings = { DB, DB_1 }) => {
    if (!config.ok) throw new Error(config.faults.join());
    const caller = { shard, actor: { kind: 'operator' }, requestId: null } as const;
    return makeContext({ ...bindings, ...databases }, config.config, caller);
  };
  const nameOf = async ({ id }: Organisation) =>
    await directory.select().from(organisations).where(eq(organisations.id, id)).get();

  it('also renames it in the menu of the app, also by the id of the sandbox and of a pair of earlier days', async () => {
    const app = new TestApp();
    const organisation = await newOrganisation('Old name', '1');
    // Before there were organisations, a pair had an id of its own.
    await shardOne
      .update(workspaces)
      .set({ pairId: crypto.randomUUID() })
      .where(eq(workspaces.pairId, organisation.id));
    const { browser } = await newMember(app, organisation, 'viewer');
    await renamePair(operatorIn('1'), { id: organisation.sandboxId, name: 'New name' });
    const page = await (await browser.get(`/app/live/${organisation.id}/home`)).text();
    expect(page).toContain('New name');
    expect(page).not.toContain('Old name');
  });

  it('completes by repeating what a failing first shard has interrupted', async () => {
    const organisation = await newOrganisation('Old name', '1');
    const { databases, during } = breakable();
    const rename = () => renamePair(operatorIn('1', databases), { id: organisation.id, name: 'New name' });
    // The pair, its change, the pair again, and then the copy of the name.
    const failing = during(
      (n) => n === 4,
      'before',
      async () => Response.json(await rename()),
    );
    await expect(failing).rejects.toThrow();
    expect((await nameOf(organisation))?.name).toBe('Old name');
    const after = await during(
      () => false,
      'before',
      async () => Response.json(await rename()),
    );
    expect(after.trips).toBe(4);
    expect((await nameOf(organisation))?.name).toBe('New name');
  });

  it('needs no organisation', async () => {
    const organisation = await newOrganisation('Old name');
    await directory.delete(organisations).where(eq(organisations.id, organisation.id));
    const renamed = await renamePair(operatorIn('0'), { id: organisation.id, name: 'New name' });
    expect(renamed.map(({ name }) => name)).toEqual(['New name', 'New name']);
  });
});
