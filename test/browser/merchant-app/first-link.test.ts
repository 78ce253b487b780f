import { describe, expect, it } from 'vitest';
import { inspect, PHONE, useBuyers } from '../support/buyer.ts';
import { readDemo } from '../support/demo.ts';
import { openOwnPage } from '../support/people.ts';

const { appUrl, appOwner, main, ...demo } = readDemo();
const people = useBuyers({ ...demo, appUrl, main, appOwner, baseUrl: appUrl });

describe('the link that npm start prints', () => {
  it('signs in the owner of Harbour Studio once, and then says how to get another', async () => {
    const wrong = await people.open(PHONE);
    await wrong.goto(`${appUrl}/app/dev/sign-in/another-token`);
    expect(await wrong.innerText('h1')).toBe('This link does not work any more');
    const head = await fetch(appOwner.signInUrl, { method: 'HEAD' });
    expect(head.status).toBe(405);

    const owner = await people.open(PHONE);
    await owner.goto(appOwner.signInUrl);
    expect(owner.url()).toBe(`${appUrl}/app/test/${main.live.workspace_id}/home`);
    await openOwnPage(owner);
    const own = await owner.innerText('body');
    for (const text of ['Harbour Studio', appOwner.email, 'Owner']) expect(own).toContain(text);
    await owner.goto(`${appUrl}/app/live/${main.live.workspace_id}/home`);
    expect(await owner.innerText('body')).toContain('Harbour Studio');

    const second = await people.open(PHONE);
    const answer = await second.goto(appOwner.signInUrl);
    expect(answer?.status()).toBe(410);
    await inspect(second, 'app-first-link-used');
    expect(await second.innerText('main')).toContain('start it again');
    await second.goto(`${appUrl}/app`);
    expect(new URL(second.url()).pathname).toBe('/app/sign-in');
    await openOwnPage(owner);
    expect(await owner.innerText('body')).toContain(appOwner.email);
    expect(people.takeFaults().filter((fault) => !fault.includes('410 (Gone)'))).toEqual([]);
  });
});
