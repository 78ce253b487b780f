import { describe, expect, it } from 'vitest';
import { ApiError, ERROR_CODES, type ErrorCode } from '../../../src/core/errors.ts';
import { refusalPage } from '../../../src/merchant-app/pages/message.tsx';

const apiMessage = 'Stripe says no. POST /account/onboarding-links with "{startOver}": true connects a new account.';
const pageIn = async (language: 'en' | 'de', code: ErrorCode) =>
  String(await refusalPage(language, new ApiError(code, apiMessage)));

describe('The page of a refusal', () => {
  it.each(ERROR_CODES)('has words of its own for %s, in both languages, and none of the API', async (code) => {
    const [english, german] = [await pageIn('en', code), await pageIn('de', code)];
    for (const page of [english, german]) {
      expect(page).not.toMatch(/\{|POST \/|Stripe says no/);
      expect(page.match(/<p>[^<]{20,}<\/p>/g)).toHaveLength(1);
    }
    expect(english).not.toBe(german.replace('lang="de"', 'lang="en"'));
  });
});
