import { describe, expect, it } from 'vitest';
import { languageOf } from '../../../src/merchant-app/language.ts';
import { codeMail } from '../../../src/merchant-app/sign-in/code-mail.ts';
import { invitationMail } from '../../../src/merchant-app/team/invitation-mail.ts';

describe('the mail with a code', () => {
  it.each([
    [null, 'en'],
    ['', 'en'],
    ['de', 'de'],
    ['de-AT,de;q=0.9,en;q=0.8', 'de'],
    ['en-GB, de;q=0.9', 'en'],
    ['de;q=0.5, en;q=0.9', 'en'],
    ['fr, de;q=0.3', 'de'],
    ['de;q=0', 'en'],
    ['*', 'en'],
  ])('for Accept-Language %j is in %s', (header, language) => {
    expect(languageOf(header)).toBe(language);
  });

  it.each(['en', 'de'] as const)(
    'says the same in text and HTML, and nothing that must be escaped (%s)',
    async (language) => {
      const { text, html } = await codeMail('mara@example.com', '012345', language);
      for (const paragraph of text.trim().split('\n\n')) expect(html).toContain(`>${paragraph}<`);
      expect(text).not.toMatch(/[<>&]/);
      expect(html).toContain(`<html lang="${language}">`);
      expect(html).not.toMatch(/<(img|script|link)|https?:/);
    },
  );
});

const LETTER = {
  to: 'jo@example.com',
  workspace: 'Harbour Studio',
  inviter: 'mara@example.com',
  role: 'developer',
  url: 'https://app.example.com/app/invitations/inv_0abc',
} as const;

describe('the mail that invites', () => {
  it.each([
    [
      'en',
      'Invitation to Harbour Studio',
      'mara@example.com invites you',
      'as Developer',
      'Sign in with jo@example.com',
    ],
    ['de', 'Einladung zu Harbour Studio', 'mara@example.com lädt Sie', 'Rolle: Entwickler', 'mit jo@example.com an'],
  ] as const)('says who, where, what and how, in text and HTML (%s)', async (language, subject, ...parts) => {
    const mail = await invitationMail({ ...LETTER, language });
    expect([mail.to, mail.subject]).toEqual(['jo@example.com', subject]);
    for (const part of [...parts, LETTER.url]) {
      expect(mail.text).toContain(part);
      expect(mail.html).toContain(part);
    }
    expect(mail.html).toContain(`href="${LETTER.url}"`);
    expect(mail.html).not.toMatch(/<(img|script|link)/);
  });

  it('escapes a hostile name and keeps the subject to one short line', async () => {
    const workspace = `"><script>alert(1)</script>&${'ü'.repeat(200)}`;
    const { subject, html, text } = await invitationMail({ ...LETTER, workspace, language: 'en' });
    expect(html).not.toContain('<script');
    expect(html).toContain('&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;ü');
    expect(text).toContain('"><script>alert(1)</script>&ü');
    for (const part of [text, html]) expect(part).not.toContain('ü'.repeat(60));
    expect([...subject].length).toBeLessThan(80);
    expect(subject).toMatch(/…$/);
  });

  it.each([
    ['https://evil.example/pay', 'https:// evil. example/pay'],
    ['Pay at www.evil.example now', 'Pay at www. evil. example now'],
    ['evil。example', 'evil。 example'],
    ['help@evil.example', 'help@ evil. example'],
    ['St. James & Co.', 'St. James & Co.'],
  ])('shows the name %j with nothing that a mail program makes a link of', async (workspace, shown) => {
    const { subject, text, html } = await invitationMail({ ...LETTER, workspace, language: 'en' });
    expect(subject).toBe(`Invitation to ${shown}`);
    expect(text).toContain(`You are invited to ${shown}\n`);
    expect(html).toContain(`You are invited to ${shown.replace('&', '&amp;')}<`);
  });
});
