import type { AppContext } from '../app-env.ts';

/** Only what needs no escaping in a header or a page, and never `//`, which would lead to another host. */
const PATH = /^\/app(\/[\w.~%-]+)*\/?$/;

/** A path of this app that comes from outside, such as `/app/test/…/home`. `/app` for everything else. */
export function pathInApp(path: string | null | undefined): string {
  if (!path || !PATH.test(path)) return '/app';
  // `/app/../x` leads out of the app: a browser takes such parts away.
  return new URL(path, 'https://app.invalid').pathname === path ? path : '/app';
}

/** The path of the page that a form was sent from. `/app`: the browser does not say. */
export function wayBack(c: Pick<AppContext, 'req' | 'var'>): string {
  const from = c.req.header('Referer') ?? '';
  const isOwn = URL.canParse(from) && new URL(from).origin === c.var.config.appUrl;
  return isOwn ? pathInApp(new URL(from).pathname) : '/app';
}

const CONFIRM_PATH = '/app/confirm';

/** The path of the page on which a person proves who they are, and then goes to `to`. */
export function confirmPath(to: string): string {
  return `${CONFIRM_PATH}?to=${encodeURIComponent(to)}`;
}

/** The path of a page that signs in, and then leads to `to`. `page`: another page than the first one. */
export function signInPath(to: string, page: '' | '/code' = ''): string {
  return to === '/app' ? `/app/sign-in${page}` : `/app/sign-in${page}?to=${encodeURIComponent(to)}`;
}

/**
 * Where a request that has to wait for a sign-in leads to. The page that confirms who somebody is, is left out: signing in proves
 * as much. A form is not sent again by itself: its page is shown.
 */
export function wayOn(c: Pick<AppContext, 'req' | 'var'>): string {
  if (c.req.method !== 'GET') return wayBack(c);
  const to = c.req.path.startsWith(CONFIRM_PATH) ? c.req.query('to') : undefined;
  return pathInApp(to ?? c.req.path);
}
