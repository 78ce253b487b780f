import { describe, expect, it } from 'vitest';
import { codeMail } from '../../../src/merchant-app/code-mail.ts';
import { languageOf } from '../../../src/merchant-app/language.ts';

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
    (language) => {
      const { text, html } = codeMail('mara@example.com', '012345', language);
      for (const paragraph of text.trim().split('\n\n')) expect(html).toContain(`>${paragraph}<`);
      expect(text).not.toMatch(/[<>&]/);
      expect(html).toContain(`<html lang="${language}">`);
      expect(html).not.toMatch(/<(img|script|link)|https?:/);
    },
  );
});
