import { describe, expect, it } from 'vitest';
import type { FrameData } from '../../../src/contract/frame-data.ts';
import { ERROR_CODES } from '../../../src/core/errors.ts';
import { isFormId } from '../../../src/core/ids.ts';
import { en } from '../../../src/http/buyer/locales/en.ts';
import { frameTexts } from '../../../src/http/embed/frame-texts.ts';
import { faultOf } from '../../../src/widget/frame-faults.ts';
import { newForm, pollDelay } from '../../../src/widget/frame-session.ts';

const DATA: FrameData = {
  t: 'token',
  form: newForm(),
  reference: null,
  origin: 'https://shop.example',
  amount: null,
  stripeJs: 'https://js.example/stripe.js',
  sessionUrl: '/sessions',
  statusUrl: '/status?lang=en',
  endUrl: '/end',
  limited: false,
  payUrl: 'https://pay.example/pay?lang=en',
  doneUrl: 'https://pay.example/done?lang=en',
  texts: frameTexts(en, null),
};

describe("the frame's faults", () => {
  it.each([...ERROR_CODES, 'network', 'stripe_js', 'something new'])('has words and an action for %s', (code) => {
    const { text, actions } = faultOf(code, DATA);
    expect(text.title).not.toBe('');
    expect(actions.length).toBeGreaterThan(0);
  });

  it('offers no second try where it would be refused again', () => {
    for (const code of ['payment_link_sold_out', 'payment_link_inactive', 'invalid_embed_token', 'invalid_api_key']) {
      expect(faultOf(code, DATA).actions).not.toContain('retry');
    }
  });

  it('offers the payment page where only the frame is at fault', () => {
    for (const code of ['network', 'stripe_js', 'invalid_embed_token', 'service_unavailable', 'rate_limit_exceeded']) {
      expect(faultOf(code, DATA).actions).toContain('pay-page');
    }
  });
});

describe('pollDelay', () => {
  it('begins within a second and grows to ten, never more', () => {
    const delays = Array.from({ length: 20 }, (_, turn) => pollDelay(turn));
    expect(delays[0]).toBe(700);
    expect(delays).toEqual([...delays].sort((a, b) => a - b));
    expect(delays.at(-1)).toBe(10_000);
  });
});

describe('newForm', () => {
  it('is what the server takes as a form, and never twice the same', () => {
    const forms = Array.from({ length: 200 }, newForm);
    expect(forms.every(isFormId)).toBe(true);
    expect(new Set(forms).size).toBe(forms.length);
  });
});
