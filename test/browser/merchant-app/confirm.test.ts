import { dirname } from 'node:path';
import { eq } from 'drizzle-orm';
import type { Page } from 'playwright-core';
import { describe, expect, inject, it } from 'vitest';
import { openLocal } from '../../../scripts/local/open-files.ts';
import { people as peopleTable, signInSessions } from '../../../src/db/sign-in-schema.ts';
import { PROOF_MS } from '../../../src/domain/members/authorise.ts';
import { useBuyers } from '../support/buyer.ts';
import { readDemo } from '../support/demo.ts';
import { inspectAll, mailTo, makeWorkspace, signIn, WALKS } from '../support/people.ts';

const { appUrl, ...demo } = readDemo();
const people = useBuyers({ ...demo, appUrl, baseUrl: appUrl });

/** Makes the sessions of a person older than the proof for guarded actions may be, in the database of the local copy. */
async function makeProofStale(email: string): Promise<void> {
  const { shards, close } = await openLocal(dirname(inject('demoFile')));
  const [{ database }] = shards;
  const [person] = await database.select().from(peopleTable).where(eq(peopleTable.email, email));
  if (!person) throw new Error(`${email} is nobody`);
  const createdAt = new Date(Date.now() - PROOF_MS - 60_000);
  await database.update(signInSessions).set({ createdAt }).where(eq(signInSessions.userId, person.id));
  await close();
}

/** Confirms by a new code on the page that asks for that. */
async function confirm(page: Page, email: string): Promise<void> {
  const before = await mailTo(email);
  await page.click('button:text("Send")');
  await page.waitForURL(/\/app\/confirm\/code/);
  await expect.poll(async () => (await mailTo(email)).code).not.toBe(before.code);
  await page.fill('input[name=code]', (await mailTo(email)).code);
  await page.click('form[action="/app/confirm/code"] button');
}

describe('what is guarded in the merchant app', () => {
  it.each(WALKS)('asks for a new code after a while, and goes on, on a %s', async (device, options) => {
    const page = await people.open(options);
    const look = (name: string) => (device === 'phone' ? inspectAll(page, name) : Promise.resolve());
    const email = `confirm.${device}@example.com`;
    await signIn(page, email);
    const id = await makeWorkspace(page, `Confirm ${device}`);
    const form = `${appUrl}/app/test/${id}/team/owners/invitations/new`;
    await page.goto(`${appUrl}/app/test/${id}/team`);
    await makeProofStale(email);
    await page.click('a:text("Invite an owner")');
    expect(new URL(page.url()).pathname).toBe('/app/confirm');
    await look('confirm');
    await confirm(page, email);
    await page.waitForURL(form);

    await makeProofStale(email);
    await page.fill('input[name=email]', `partner.${device}@example.com`);
    await page.click('button:text("Send invitation")');
    expect(await page.innerText('main')).toContain('Nothing was changed');
    await look('confirm-form');
    await page.click('a:text("Confirm now")');
    await confirm(page, email);
    await page.waitForURL(form);
    await page.fill('input[name=email]', `partner.${device}@example.com`);
    await page.click('button:text("Send invitation")');
    expect(await page.innerText('[role=status]')).toContain(`The invitation was sent to partner.${device}@example.com`);
  });
});
