/**
 * The value of a `Content-Security-Policy` header: the directives in the order given, each with its sources. A directive
 * without sources is left out.
 *
 * @example contentSecurityPolicy({ 'default-src': ["'none'"], 'img-src': ["'self'"] }) // "default-src 'none'; img-src 'self'"
 */
export function contentSecurityPolicy(directives: Readonly<Record<string, readonly string[]>>): string {
  return Object.entries(directives)
    .filter(([, sources]) => sources.length > 0)
    .map(([name, sources]) => [name, ...sources].join(' '))
    .join('; ');
}

/** A random value for the one style and the one script of a page; never used twice. */
export function newNonce(): string {
  return crypto.randomUUID().replaceAll('-', '');
}

/** The origin of `url` as the sources of a policy; a server on this machine under both its names, localhost and 127.0.0.1. */
export function originSources(url: string): string[] {
  const { hostname, origin, port } = new URL(url);
  const isLocal = hostname === 'localhost' || hostname === '127.0.0.1';
  return isLocal ? [`http://localhost:${port}`, `http://127.0.0.1:${port}`] : [origin];
}
