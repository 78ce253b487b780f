import { codePointLength } from './json.ts';

/** What the paths of all routes of the API begin with. */
export const API_PATH = '/api/v1/services/payments';

const MAX_LENGTH = 2048;
const POINTS_TO_US = 'must not point to this service itself.';

/** A scheme, two slashes and an authority. The URL parser alone would also accept `https:evil.com`. */
const ABSOLUTE_HTTP = /^(https?):\/\/([^/?#]+)/i;

/** White space, control characters, and invisible format characters such as bidi overrides. */
const NOT_IN_A_URL = /[\s\p{Cc}\p{Cf}\\]/u;

/** A host as the URL parser returns it. The parser alone would also accept quotes, braces and `$`. */
const HOST = /^([a-z0-9._-]+|\[[0-9a-f:]+\])$/;

/**
 * Top-level names that no public host has: those of RFC 6761, 6762 (local), 7686 (onion), 8375 (home.arpa) and 9476
 * (alt), ICANN's `internal` and its never-delegated `corp`, `home` and `mail`, and others that private networks use.
 */
const NON_PUBLIC_TOP_LEVELS = new Set(
  'alt arpa corp example home internal intranet invalid lan local localdomain localhost mail onion private test'.split(
    ' ',
  ),
);

/** Public domains whose subdomains resolve to the IP address in their name (`10.0.0.1.nip.io`), or to this machine. */
const ADDRESS_SPELLING_DOMAINS = [
  ...['nip.io', 'sslip.io', 'xip.io', 'xip.name', 'traefik.me', 'rbndr.us', '1u.ms', 'local-ip.co', 'local-ip.sh'],
  ...['localtest.me', 'lvh.me', 'vcap.me', 'fuf.me', 'lacolhost.com', 'localho.st', 'local.gd'],
];

/** The address of a payment link's pay page. `publicUrl`: this service's own address, without a slash at its end. */
export function linkUrl(publicUrl: string, token: string): string {
  return `${publicUrl}/pay/link/${token}`;
}

/**
 * Where Stripe sends a person whose onboarding an operator has started. `token`: of `returnTokens` (core/return-token.ts).
 * `refreshUrl`: for a link that was used before or has run out.
 */
export function onboardingUrls(publicUrl: string, token: string): { returnUrl: string; refreshUrl: string } {
  return { returnUrl: `${publicUrl}/connect/return?t=${token}`, refreshUrl: `${publicUrl}/connect/link-expired` };
}

/**
 * The address of a logo. `shard`: that of the workspace's database. `hash`: the SHA-256 of the picture's bytes in hex.
 * The id of the workspace is not part of it, because anybody can read the address.
 */
export function logoUrl(publicUrl: string, { shard, hash }: LogoAddress): string {
  return `${publicUrl}/logo/${shard}${hash}`;
}

/** What the address of a logo says. */
interface LogoAddress {
  readonly shard: string;
  readonly hash: string;
}

/** Reads the last part of a logo's address. null: no logo has such an address. */
export function parseLogoName(name: string): LogoAddress | null {
  const [, shard, hash] = /^([0-9a-z])([0-9a-f]{64})$/.exec(name) ?? [];
  return shard === undefined || hash === undefined ? null : { shard, hash };
}

/** Stripe's placeholder as a merchant writes it, or as a program that builds URLs encodes it. */
const SESSION_PLACEHOLDER = /(\{|%7B)CHECKOUT_SESSION_ID(\}|%7D)/gi;

/**
 * Puts the id of a Stripe session in place of every `{CHECKOUT_SESSION_ID}` in a URL, as Stripe does with the URLs of a
 * Checkout session. A percent-encoded placeholder is replaced too. `id`: `cs_…`, which needs no encoding.
 */
export function withSessionId(url: string, id: string): string {
  return url.replaceAll(SESSION_PLACEHOLDER, id);
}

/**
 * Checks a URL that a buyer returns to. It must be an absolute http or https URL of at most 2,048 characters, without
 * user name, password, white space, control character or backslash. It may contain `{CHECKOUT_SESSION_ID}`. Returns
 * null where there is no fault, else a sentence without its subject ("must be …"), to which the caller adds the field's
 * name.
 */
export function returnUrlFault(value: string): string | null {
  const parsed = parseAbsoluteHttp(value, 'https://shop.example.com/thanks');
  return parsed.ok ? null : parsed.message;
}

/**
 * Checks the URL of a page that anybody may open, as `returnUrlFault` does, but it must not contain
 * `{CHECKOUT_SESSION_ID}`, which nobody replaces there. Returns null where there is no fault, else a sentence without its
 * subject.
 */
export function webUrlFault(value: string): string | null {
  const parsed = parseAbsoluteHttp(value, 'https://www.example.com/terms');
  if (!parsed.ok) return parsed.message;
  const hasPlaceholder = value.search(SESSION_PLACEHOLDER) !== -1;
  return hasPlaceholder ? 'must not hold {CHECKOUT_SESSION_ID}: it is the same page for everybody.' : null;
}

/**
 * Checks the URL of a webhook endpoint. It must use https on port 443 and a public host name. Refused are IP addresses,
 * names without a dot, reserved names (`x.local`), names that resolve to an address they contain (`10.0.0.1.nip.io`),
 * and the hosts of `ownOrigins` (this service's own addresses). `allowLocal` also accepts `http://localhost` and
 * `http://127.0.0.1`, on any port but those of `ownOrigins`. Returns null where there is no fault, else a sentence
 * without its subject ("must be …"). No name is resolved: whoever connects must check that the address is public.
 */
export function webhookUrlFault(
  value: string,
  options: { allowLocal: boolean; ownOrigins: readonly string[] },
): string | null {
  const parsed = parseAbsoluteHttp(value, 'https://shop.example.com/webhooks');
  if (!parsed.ok) return parsed.message;
  const { url, authority } = parsed;
  const ownHosts = options.ownOrigins.map((origin) => new URL(origin).host);
  const isLocal = url.protocol === 'http:' && /^(localhost|127\.0\.0\.1)(:\d+)?$/i.test(authority);
  if (isLocal && options.allowLocal) {
    const sameServer = (host: string) => host.toLowerCase().replace('127.0.0.1', 'localhost');
    const isOwn = ownHosts.some((host) => sameServer(host) === sameServer(url.host));
    return isOwn ? POINTS_TO_US : null;
  }
  if (url.protocol !== 'https:') return 'must use https, for example https://shop.example.com/webhooks.';
  if (url.port !== '') return `must use port 443, which https has by itself, not port ${url.port}.`;
  return publicHostFault(url.hostname, ownHosts);
}

/**
 * An http or https URL with its host as browsers write it: in lower case and punycode, without the default port. The
 * rest stays as it is. Throws TypeError for text that is no URL.
 */
export function withCanonicalHost(value: string): string {
  const { origin } = new URL(value);
  return value.replace(ABSOLUTE_HTTP, () => origin);
}

/**
 * A URL that a buyer returns to, as Stripe gets it: an international host is in punycode, and a URL with any other host
 * stays as it is. Throws TypeError for text that is no URL.
 */
export function withAsciiHost(value: string): string {
  const authority = ABSOLUTE_HTTP.exec(value)?.[2] ?? '';
  return /[^\0-\x7f]/.test(authority) ? withCanonicalHost(value) : value;
}

/**
 * A value of a query that cannot hold a space, with `+` for each space in it. In a query `+` means a space (WHATWG URL,
 * application/x-www-form-urlencoded), so somebody wrote `+` where `%2B` is right. Spaces around the value are removed.
 */
export function withPluses(value: string): string {
  return value.trim().replaceAll(' ', '+');
}

/** True for an http or https URL that points to this machine: localhost, *.localhost, 127.0.0.0/8 or [::1]. */
export function isLoopbackUrl(value: string): boolean {
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) return false;
  return /^((.+\.)?localhost\.?|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
}

function parseAbsoluteHttp(
  value: string,
  example: string,
): { ok: true; url: URL; authority: string } | { ok: false; message: string } {
  const refuse = (message: string) => ({ ok: false as const, message });
  const expected = `must be an absolute http or https URL, for example ${example}`;
  if (codePointLength(value) > MAX_LENGTH) return refuse(`must be at most ${MAX_LENGTH} characters long.`);
  if (NOT_IN_A_URL.test(value)) {
    return refuse('must not hold white space, control or invisible characters, or a backslash: percent-encode them.');
  }
  const authority = ABSOLUTE_HTTP.exec(value)?.[2];
  if (authority === undefined || !URL.canParse(value)) return refuse(`${expected}.`);
  if (authority.includes('@')) return refuse('must not hold a user name or password.');
  const url = new URL(value);
  return HOST.test(url.hostname) ? { ok: true, url, authority } : refuse(`${expected}: this has no valid host name.`);
}

/** Why a host name is not public, or null. `hostname`: as the URL parser returns it, any IPv4 address as four numbers. */
function publicHostFault(hostname: string, ownHosts: readonly string[]): string | null {
  const publicName = 'must have a public host name, for example hooks.example.com';
  if (hostname.startsWith('[') || /^\d+\.\d+\.\d+\.\d+$/.test(hostname)) return `${publicName}, not an IP address.`;
  if (ownHosts.some((host) => hostNameOf(host) === hostNameOf(hostname))) return POINTS_TO_US;
  if (hostname.endsWith('.')) return `${publicName}, without a dot at its end.`;
  const labels = hostname.split('.');
  const topLevel = labels.at(-1) ?? '';
  if (labels.length < 2) return `${publicName}: "${hostname}" is a single label.`;
  if (NON_PUBLIC_TOP_LEVELS.has(topLevel)) return `${publicName}: names under ".${topLevel}" are not public.`;
  const isWellFormed = hostname.length <= 253 && labels.every((label) => label.length > 0 && label.length <= 63);
  if (!isWellFormed || !/^([a-z]{2,}|xn--[a-z0-9-]+)$/.test(topLevel)) return `${publicName}: this is not a host name.`;
  const isUnder = (domain: string) => hostname === domain || hostname.endsWith(`.${domain}`);
  if (ADDRESS_SPELLING_DOMAINS.some(isUnder) || spellsPrivateAddress(hostname)) {
    return `${publicName}: "${hostname}" stands for an IP address.`;
  }
  return null;
}

/** A host in lower case, without its port and without the dot at its end. */
function hostNameOf(host: string): string {
  return host.toLowerCase().replace(/:\d+$/, '').replace(/\.+$/, '');
}

/** True for a name that contains a private IPv4 address with dots or dashes, such as 10-0-0-1.service.example. */
function spellsPrivateAddress(hostname: string): boolean {
  const addresses = hostname.matchAll(/(?<![^.-])(?=(\d{1,3})[.-](\d{1,3})[.-]\d{1,3}[.-]\d{1,3}(?![^.-]))/g);
  return [...addresses].some(([, first, second]) => isPrivateIpv4(Number(first), Number(second)));
}

/** True for a private IPv4 address that begins with these two numbers (RFC 1122, 1918, 3927 and 6598). */
function isPrivateIpv4(first: number, second: number): boolean {
  if (first === 0 || first === 10 || first === 127) return true;
  if (first === 100) return second >= 64 && second <= 127;
  if (first === 172) return second >= 16 && second <= 31;
  return (first === 169 && second === 254) || (first === 192 && second === 168);
}
