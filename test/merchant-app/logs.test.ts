import { afterEach, expect, it, vi } from 'vitest';
import { TestApp, TestBrowser } from './support/app.ts';
import { newEmail, newMember, newOrganisation } from './support/team.ts';

afterEach(() => vi.restoreAllMocks());

it('logs name nobody who signs in, confirms, invites or is invited, also where mails fail', async () => {
  const lines: string[] = [];
  for (const level of ['info', 'warn', 'error', 'log'] as const) {
    vi.spyOn(console, level).mockImplementation((...parts) => void lines.push(parts.map(String).join(' ')));
  }
  const app = new TestApp();
  const organisation = await newOrganisation();
  const owner = await newMember(app, organisation, 'owner');
  await owner.browser.post('/app/confirm/send', { to: '/app' });
  await owner.browser.post('/app/confirm/code', { code: app.codeFor(owner.email), to: '/app' });
  const invitations = `/app/test/${organisation.id}/team/invitations`;
  await owner.browser.post(invitations, { email: newEmail(), role: 'viewer' });

  app.mailFails = true;
  await owner.browser.post('/app/confirm/send', { to: '/app' });
  await owner.browser.post('/app/confirm/code', { code: 'wrong', to: '/app' });
  await owner.browser.post(invitations, { email: newEmail(), role: 'viewer' });
  const stranger = new TestBrowser(app);
  await stranger.post('/app/sign-in', { email: newEmail() });
  await stranger.post('/app/sign-in/code', { code: 'wrong' });

  const messages = lines.map((line) => JSON.parse(line).message);
  expect(messages.filter((message) => message === 'code not sent')).toHaveLength(2);
  expect(messages.filter((message) => message === 'invitation not sent')).toHaveLength(1);
  expect(messages).toContain('request');
  expect(lines.join('\n')).toContain('The mail was not accepted: Error E_TEST');
  expect(lines.filter((line) => /@[\w-]*example\.com|%40/.test(line))).toEqual([]);
});
