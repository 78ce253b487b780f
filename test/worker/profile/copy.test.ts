import { describe, expect, it } from 'vitest';
import { copyProfile } from '../../../src/domain/profile/copy-profile.ts';
import { png } from '../../support/pictures.ts';
import { visit } from '../support/pay-page.ts';
import { expectProfile, patchProfile, putLogo, readProfile, storedProfile } from '../support/profiles.ts';
import { call, newWorkspace, operatorContext } from '../support/workspace.ts';

async function newPair() {
  const live = await newWorkspace({ mode: 'live' });
  const sandbox = await newWorkspace({ pairOf: live });
  return { live, sandbox, operator: operatorContext(live.shard) };
}

describe("copying a sandbox's profile to live", () => {
  it('replaces all of the live one, with its logo, and leaves the sandbox and others as they are', async () => {
    const { live, sandbox, operator } = await newPair();
    const other = await newWorkspace({ shard: live.shard });
    await patchProfile(other, { display_name: 'Somebody else' });
    await patchProfile(live, { display_name: 'Old', website: 'https://old.example' });
    await putLogo(live, png({ width: 41, height: 41 }));
    await patchProfile(sandbox, { display_name: 'Harbour', brand_color: '#1d4ed8' });
    const { logo_url } = await expectProfile(await putLogo(sandbox, png({ width: 42, height: 41 })));
    const before = await storedProfile(sandbox);
    for (const id of [sandbox.workspace.id, live.workspace.id, live.workspace.pairId]) {
      expect((await copyProfile(operator, id)).id).toBe(live.workspace.id);
    }
    const { updated_at: _, ...copied } = await readProfile(sandbox);
    expect(await readProfile(live)).toMatchObject(copied);
    expect(copied).toMatchObject({ display_name: 'Harbour', website: null, logo_url });
    expect(await storedProfile(sandbox)).toEqual(before);
    expect((await readProfile(other)).display_name).toBe('Somebody else');
    const { logos, profiles, actions } = await storedProfile(live);
    expect([logos.length, profiles.length]).toEqual([1, 1]);
    expect(actions.slice(-3)).toEqual(['profile.copy', 'profile.copy', 'profile.copy']);
    await call(sandbox.key, 'DELETE', '/profile/logo');
    expect((await visit(new URL(logo_url ?? '').pathname)).status).toBe(200);
  });

  it('takes away the logo of live where the sandbox has none', async () => {
    const { live, sandbox, operator } = await newPair();
    await putLogo(live, png({ width: 43, height: 41 }));
    await patchProfile(sandbox, { display_name: 'Harbour' });
    await copyProfile(operator, live.workspace.id);
    expect(await readProfile(live)).toMatchObject({ display_name: 'Harbour', logo_url: null });
    expect((await storedProfile(live)).logos).toEqual([]);
  });

  it('is refused where there is nothing to copy, or no such workspace', async () => {
    const { live, operator } = await newPair();
    await patchProfile(live, { display_name: 'Live' });
    const before = await storedProfile(live);
    for (const id of [live.workspace.id, 'nobody']) {
      await expect(copyProfile(operator, id)).rejects.toMatchObject({ code: 'not_found' });
    }
    expect(await storedProfile(live)).toEqual(before);
  });
});
