/** `https://shop.example`, `https://*.shop.example`, `http://localhost:*`: scheme, perhaps a star, host, perhaps a port. */
const ENTRY = /^(https?):\/\/(\*\.)?([^\s/?#@:\\*[\]%]+)(?::(\d{1,5}|\*))?$/i;
const HOST = /^[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})+$/;
const IPV4 = /^\d+(\.\d+){3}$/;
/** `co.uk`, `com.au`: a country's registry gives out names under these, so they belong to no single owner. */
const REGISTRY_SUFFIX = /^(ac|co|com|edu|gov|ltd|me|net|or|org)\.[a-z]{2}$/;
/** As a browser writes an origin (RFC 6454 §6.2): lower case, punycode, no default port. */
const BROWSER_ORIGIN = /^(https?):\/\/([a-z0-9_.-]+|\[[0-9a-f:.]+\])(?::(\d{1,5}))?$/;

interface Entry {
  readonly scheme: string;
  /** The host; with `wildcard` the part after the star. */
  readonly host: string;
  readonly wildcard: boolean;
  /** '': the default port of the scheme. `*`: any port. */
  readonly port: string;
}

type ReadEntry = { readonly ok: true; readonly entry: Entry } | { readonly ok: false; readonly message: string };

/**
 * Checks an entry of a public key's allowed origins: `https://shop.example`, `https://*.shop.example` (every depth of
 * subdomains, not the host itself), each with or without a port. `sandbox`: also localhost, with http or https, with a port
 * or `:*`. null: no fault; else a sentence without its subject ("must be …"): put the entry's name in front.
 */
export function originFault(text: unknown, options: { readonly sandbox: boolean }): string | null {
  const read = readEntry(text, options.sandbox);
  return read.ok ? null : read.message;
}

/** An entry as it is stored: lower case, punycode, no default port. Throws RangeError where `originFault` finds a fault. */
export function canonicalOrigin(text: string): string {
  const read = readEntry(text, true);
  if (!read.ok) throw new RangeError(`An allowed origin ${read.message}`);
  const { scheme, host, wildcard, port } = read.entry;
  return `${scheme}://${wildcard ? '*.' : ''}${host}${port === '' ? '' : `:${port}`}`;
}

/**
 * Whether a page of this origin may use a key with these entries. Scheme, host and port are compared exactly; `origin` is
 * the header as the browser sent it; text that no browser writes (`null`, a path, upper case) matches no entry.
 */
export function allowsOrigin(allowed: readonly string[], origin: string): boolean {
  const [, scheme, host, port = ''] = BROWSER_ORIGIN.exec(origin) ?? [];
  if (scheme === undefined || host === undefined || !isSerialized(origin)) return false;
  return allowed.some((text) => {
    const read = readEntry(text, true);
    if (!read.ok || read.entry.scheme !== scheme) return false;
    const { entry } = read;
    const hostFits = entry.wildcard ? isBelow(host, entry.host) : host === entry.host;
    return hostFits && (entry.port === '*' || entry.port === port);
  });
}

/** The single host of an entry, to be registered at Stripe. null: a wildcard, localhost, http or an IP address. */
export function walletDomainOf(entry: string): string | null {
  const read = readEntry(entry, false);
  if (!read.ok || read.entry.wildcard || IPV4.test(read.entry.host)) return null;
  return read.entry.host;
}

function readEntry(text: unknown, sandbox: boolean): ReadEntry {
  const refuse = (message: string): ReadEntry => ({ ok: false, message });
  const expected = 'must be an origin such as https://shop.example or https://*.shop.example, without a path';
  if (typeof text !== 'string' || text.length > 300) return refuse(`${expected}.`);
  const [, scheme = '', star, name = '', port = ''] = ENTRY.exec(text) ?? [];
  // ENTRY lets only one host through: the parser makes it lower case and writes it in punycode.
  const url = scheme === '' || !URL.canParse(`https://${name}`) ? null : new URL(`https://${name}`);
  if (url === null) return refuse(`${expected}.`);
  const host = url.hostname;
  const wildcard = star !== undefined;
  const entry = { scheme: scheme.toLowerCase(), host, wildcard, port: canonicalPort(scheme.toLowerCase(), port) };
  if (host === 'localhost') return localFault(entry, sandbox) ?? { ok: true, entry };
  if (entry.scheme !== 'https') return refuse('must use https: plain http is only for localhost, on a pk_test_ key.');
  if (port === '*') return refuse('must name one port or none: any port is only for localhost, on a pk_test_ key.');
  if (port !== '' && !isPort(port)) return refuse('must have a port from 1 to 65535.');
  if (!HOST.test(host)) return refuse(`${expected}: this has no full host name.`);
  if (wildcard && (IPV4.test(host) || REGISTRY_SUFFIX.test(host))) {
    return refuse(`must not open every host under ${host}: put your own domain behind the star.`);
  }
  return { ok: true, entry };
}

function localFault({ wildcard, port }: Entry, sandbox: boolean): ReadEntry | null {
  const refuse = (message: string): ReadEntry => ({ ok: false, message });
  if (!sandbox) return refuse('must be a public host: localhost is only for pk_test_ keys.');
  if (wildcard) return refuse('must not have a star before localhost.');
  return port === '' || port === '*' || isPort(port) ? null : refuse('must have a port from 1 to 65535, or :*.');
}

function canonicalPort(scheme: string, port: string): string {
  if (port === '' || port === '*') return port;
  const number = Number(port);
  return number === (scheme === 'https' ? 443 : 80) ? '' : String(number);
}

function isPort(port: string): boolean {
  return Number(port) >= 1 && Number(port) <= 65_535;
}

/** True for `a.b.shop.example` and the parent `shop.example`; false for the parent itself, and for `evilshop.example`. */
function isBelow(host: string, parent: string): boolean {
  return HOST.test(host) && host.endsWith(`.${parent}`);
}

/** True where the URL parser writes the origin in the same way: without upper case or a default port. */
function isSerialized(origin: string): boolean {
  return URL.canParse(origin) && new URL(origin).origin === origin;
}
