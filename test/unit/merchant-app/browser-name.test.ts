import { describe, expect, it } from 'vitest';
import { browserOf, readBrowser, storedBrowser } from '../../../src/merchant-app/sign-in/browser-name.ts';
import { browserText } from '../../../src/merchant-app/sign-in/browser-text.ts';

const WEBKIT = 'AppleWebKit/537.36 (KHTML, like Gecko)';

describe('the name of a browser', () => {
  it.each([
    [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${WEBKIT} Chrome/142.0.0.0 Safari/537.36`, 'Chrome on Windows'],
    [`Mozilla/5.0 (Windows NT 10.0) ${WEBKIT} Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0`, 'Edge on Windows'],
    ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1 Version/26.0 Safari/605.1', 'Safari on macOS'],
    ['Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) Version/26.0 Mobile/15E Safari/604.1', 'Safari on iPhone'],
    [
      `Mozilla/5.0 (Linux; Android 16) ${WEBKIT} SamsungBrowser/28 Chrome/130 Safari/537`,
      'Samsung Internet on Android',
    ],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0', 'Firefox on Linux'],
    ['curl/8.15.0', 'Another browser'],
    [null, 'Another browser'],
  ])('%s is %s', (userAgent, name) => {
    expect(browserText('en', browserOf(userAgent))).toBe(name);
  });

  it('is stored in no language, and shown in that of the reader', () => {
    const stored = storedBrowser(browserOf('Mozilla/5.0 (Windows NT 10.0; rv:145.0) Gecko/20100101 Firefox/145.0'));
    expect(stored).toBe('Firefox, Windows');
    expect(browserText('de', readBrowser(stored))).toBe('Firefox auf Windows');
    expect(browserText('en', readBrowser(stored))).toBe('Firefox on Windows');
    expect(browserText('de', readBrowser(storedBrowser(browserOf('x (Linux)'))))).toBe('Ein anderer Browser auf Linux');
    expect(browserText('de', readBrowser(storedBrowser(browserOf(null))))).toBe('Ein anderer Browser');
  });
});
