import { describe, expect, it } from 'vitest';
import { useBuyers } from '../support/buyer.ts';
import { readDemo } from '../support/demo.ts';
import { inspectAll, makeWorkspace, signIn, sinkThatAnswers, untilSaid, WALKS } from '../support/people.ts';

const { appUrl, ...demo } = readDemo();
const people = useBuyers({ ...demo, appUrl, baseUrl: appUrl });

describe('the screens for developers', () => {
  it.each(WALKS)('lead on a %s from a key to a delivery that was sent again', async (device, options) => {
    const page = await people.open(options);
    const look = (name: string) => (device === 'phone' ? inspectAll(page, name) : Promise.resolve());
    await signIn(page, `developer.${device}@example.com`);
    const workspace = await makeWorkspace(page, 'Harbour Studio');
    const open = (rest: string) => page.goto(`${appUrl}/app/test/${workspace}/developers/${rest}`);

    await open('keys');
    await look('keys-none');
    await page.click('a:text("Create a key")');
    await page.waitForSelector('.picks', { state: 'hidden' });
    await page.check('input[name=access][value=some]');
    await page.waitForSelector('.picks', { state: 'visible' });
    await page.fill('#name', 'Shop server');
    await page.click('button:text("Create key")');
    expect(await page.innerText('.error')).toContain('Tick at least one');
    await look('key-refused');
    await page.check('input[value="service.payments.links.read"]');
    await page.dblclick('button:text("Create key")');
    expect(await page.innerText('#key')).toMatch(/^sk_test_\w{31}$/);
    await look('key-made');
    await page.click('a:text("I have copied it")');
    await look('keys');
    await page.click('a:text("Revoke")');
    await look('key-revoke');

    await open('public-keys/new');
    await page.fill('#name', 'Website');
    await page.fill('#origins', 'https://shop.example.com');
    await look('public-key-form');
    await page.click('button:text("Create key")');
    await look('public-key-made');

    const url = await sinkThatAnswers(`developers-${device}`, 500);
    await open('webhooks/new');
    await look('endpoint-form');
    await page.fill('#url', url);
    await page.click('button:text("Add an endpoint")');
    await look('endpoint-made');
    await page.click('a:text("I have copied it")');
    await page.click('button:text("Send a test")');
    await untilSaid(page, 'Your server failed');
    await look('delivery-failed');
    await page.click('a.crumb');
    await look('endpoint');
    await page.click('td a.go');
    await sinkThatAnswers(`developers-${device}`, 200);
    await page.click('button:text("Send again now")');
    await untilSaid(page, 'Your server took it');
    await look('delivery-arrived');

    for (const name of ['webhooks', 'events', 'requests']) {
      await open(name);
      await look(name);
    }
    await open('events');
    await page.click('td a.go');
    await look('event');
  });
});
