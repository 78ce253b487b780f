import { describe, expect, it } from 'vitest';
import { attributesOf, closedHtml, NOT_SHOWN } from './views.ts';

describe('the closed page', () => {
  it.each([
    ['not_found', 'This page does not exist'],
    ['inactive', 'takes no payments'],
    ['expired', 'This payment page has expired'],
    ['sold_out', 'takes no more payments'],
    ['sold_out_held', 'No more payments for now'],
    ['already_paid', 'You have already paid'],
    ['processing', 'Please do not pay again'],
    ['not_ready', 'The seller cannot take payments'],
    ['slow_down', 'One moment, please'],
    ['unavailable', 'Payments are not possible right now'],
    ['done_unavailable', 'We cannot show your payment right now'],
    ['refused', 'came from another site'],
    ['wrong_method', 'Something went wrong'],
  ] as const)('says why: %s', async (reason, words) => {
    expect(await closedHtml({ reason })).toContain(words);
  });

  it('leads back to the page where the browser asked in the wrong way, and calls nothing another try', async () => {
    for (const reason of ['refused', 'wrong_method'] as const) {
      const html = await closedHtml({ reason, retryUrl: '/again' });
      expect(html).toMatch(/<a class="pay quiet" href="\/again">Open the payment page<\/a>/);
      expect(html).not.toContain('Try again');
    }
  });

  it('of a payment that cannot be shown asks again by itself, and never for another payment', async () => {
    const html = await closedHtml(NOT_SHOWN);
    expect(html).toContain(
      '<noscript><meta http-equiv="refresh" content="5;url=/done?session_id=cs_1"/></noscript></head>',
    );
    expect(attributesOf(html, /<script[^>]*>/)).toMatchObject({
      'data-url': '/done/status?session_id=cs_1',
      'data-refresh': '/done?session_id=cs_1',
    });
    expect(html).toContain('Please do not pay again.');
    expect(html).toMatch(/<a class="pay quiet" href="\/done\?session_id=cs_1">Check again<\/a>/);
    expect(html).not.toMatch(/try again|charged/i);
    expect(await closedHtml({ retryUrl: '/again', retryAfterSeconds: 30 })).not.toMatch(/<script|http-equiv/);
  });

  it('for a buyer who has paid leads to the receipt, or to the payment while the bank is at work', async () => {
    const paid = await closedHtml({ reason: 'already_paid', retryUrl: '/done?session_id=cs_1' });
    expect(paid).toMatch(/<a class="pay quiet" href="\/done\?session_id=cs_1">Show the receipt<\/a>/);
    expect(await closedHtml({ reason: 'processing', retryUrl: '/done' })).toContain('>Show the payment</a>');
  });

  it("speaks in the merchant's words where there are some", async () => {
    const html = await closedHtml({ message: 'Back on 3 December' });
    expect(html).toContain('<bdi>Back on 3 December</bdi>');
    expect(html).not.toContain('switched this payment page off');
  });

  it('says when to come back, in words', async () => {
    expect(await closedHtml({ retryAfterSeconds: 30 })).toContain('<bdi>in 30 seconds</bdi>');
    expect(await closedHtml({ retryAfterSeconds: 240 })).toContain('<bdi>in 4 minutes</bdi>');
    expect(await closedHtml({ retryUrl: '/again' })).toContain('href="/again"');
  });
});
