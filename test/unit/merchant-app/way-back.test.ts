import { describe, expect, it } from 'vitest';
import { pathInApp } from '../../../src/merchant-app/sign-in/way-back.ts';

describe('a path of the app that comes from outside', () => {
  it.each(['/app', '/app/', '/app/test/6c1b0d4e-8a55/home', '/app/invitations/inv_0a1b2c', '/app/a%20b'])(
    '%s stays',
    (path) => {
      expect(pathInApp(path)).toBe(path);
    },
  );

  it.each([
    null,
    '',
    '/',
    '/appendix',
    '//evil.example',
    '/\\evil.example',
    'https://evil.example/app',
    'javascript:alert(1)',
    '/app//evil.example',
    '/app/../evil',
    '/app/./x',
    '/app/%2e%2e/evil',
    '/app/.%2E/evil',
    '/app/x?to=y',
    '/app/x#y',
    '/app/x\r\nSet-Cookie: a=b',
  ])('%j becomes the first page', (path) => {
    expect(pathInApp(path)).toBe('/app');
  });
});
