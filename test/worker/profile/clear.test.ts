import { describe, expect, it } from 'vitest';
import { clearProfile } from '../../../src/domain/profile/change-profile.ts';
import { setPairStatus } from '../../../src/domain/workspaces/set-pair-status.ts';
import { png } from '../../support/pictures.ts';
import { openPage, visit } from '../support/pay-page.ts';
import { expectProfile, patchProfile, putLogo, readProfile, storedProfile } from '../support/profiles.ts';
import { contextOf, newWorkspace, operatorContext, type TestWorkspace } from '../support/workspace.ts';

const CONTENT = { display_name: 'Harbour', support_email: 'hello@harbour.example', brand_color: '#1d4ed8' };
let pictures = 0;

/** A logo that no other workspace has. Answers the path of its address. */
async function newLogo(shop: TestWorkspace): Promise<string> {
  const { logo_url } = await expectProfile(await putLogo(shop, png({ width: 50, height: 50 + pictures++ })));
  return new URL(logo_url ?? '').pathname;
}

describe('clearing a profile, as operators do', () => {
  it('empties all of it with its logo, leaves other workspaces as they are, and is in the audit log', async () => {
    const live = await newWorkspace({ mode: 'live' });
    const sandbox = await newWorkspace({ pairOf: live });
    for (const shop of [live, sandbox]) await patchProfile(shop, CONTENT);
    const [path, other] = [await newLogo(live), await newLogo(sandbox)];
    await clearProfile(await contextOf(live.workspace));
    const { updated_at, ...cleared } = await readProfile(live);
    expect(Object.entries(cleared).filter(([, value]) => value !== null)).toEqual([
      ['display_name', 'Northlight Studio'],
    ]);
    expect(updated_at).not.toBeNull();
    expect([(await visit(path)).status, (await visit(other)).status]).toEqual([404, 200]);
    const { logos, actions } = await storedProfile(live);
    expect([logos, actions]).toEqual([[], ['profile.update', 'profile.set_logo', 'profile.clear']]);
    expect(await readProfile(sandbox)).toMatchObject(CONTENT);
  });

  it('is refused where nothing was ever set', async () => {
    const shop = await newWorkspace();
    await expect(clearProfile(await contextOf(shop.workspace))).rejects.toMatchObject({ code: 'not_found' });
    expect(await storedProfile(shop)).toEqual({ profiles: [], logos: [], actions: [] });
  });
});

describe('the logo of a suspended workspace', () => {
  it('is served to nobody and on no page, until the workspace is resumed', async () => {
    const shop = await newWorkspace();
    const link = await shop.link({ showBusinessName: true });
    const path = await newLogo(shop);
    const set = async (status: 'active' | 'suspended') =>
      await setPairStatus(operatorContext(shop.shard), { id: shop.workspace.id, status });
    await set('suspended');
    expect((await visit(path)).status).toBe(404);
    const closed = await openPage(link);
    expect(closed.text).toContain('Northlight Studio');
    expect(closed.html).not.toContain('/logo/');
    await set('active');
    expect((await visit(path)).status).toBe(200);
    expect((await openPage(link)).html).toContain(path);
  });

  it('is still served where a workspace that is not suspended has the same picture', async () => {
    const shop = await newWorkspace();
    const other = await newWorkspace({ shard: shop.shard });
    const path = await newLogo(shop);
    await putLogo(other, png({ width: 50, height: 50 + pictures - 1 }));
    await setPairStatus(operatorContext(shop.shard), { id: shop.workspace.id, status: 'suspended' });
    expect((await visit(path)).status).toBe(200);
    await setPairStatus(operatorContext(shop.shard), { id: other.workspace.id, status: 'suspended' });
    expect((await visit(path)).status).toBe(404);
  });
});
