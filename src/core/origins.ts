/** An allowed origin, such as `https://*.shop.example`: a scheme, optionally `*.`, a host, and optionally a port or `:*`. */
const ENTRY = /^(https?):\/\/(\*\.)?([^\s/?#@:\\*[\]%]+)(?::(\d{1,5}|\*))?$/i;
const HOST = /^[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})+$/;
const IPV4 = /^\d+(\.\d+){3}$/;
/** Suffixes such as `co.uk` and `com.au`: anyone can register a name under them, so they belong to no single owner. */
const REGISTRY_SUFFIX = /^(ac|co|com|edu|gov|ltd|me|net|or|org)\.[a-z]{2}$/;
/** An origin as a browser writes it (RFC 6454 §6.2): in lower case and punycode, without the default port. */
const BROWSER_ORIGIN = /^(https?):\/\/([a-z0-9_.-]+|\[[0-9a-f:.]+\])(?::(\d{1,5}))?$/;

interface Entry {
  readonly scheme: string;
  /** The host. With `wildcard`: the part after `*.`. */
  readonly host: string;
  readonly wildcard: boolean;
  /** '': the default port of the scheme. `*`: any port. */
  readonly port: string;
}

type ReadEntry = { readonly ok: true; readonly entry: Entry } | { readonly ok: false; readonly message: string };

/**
 * Checks one of a public key's allowed origins: `https://shop.example` or `https://*.shop.example`, with or without a
 * port. The star stands for subdomains of every depth, not for the host itself. `sandbox` also accepts localhost with
 * http or https, and with a port or `:*`. Returns null where there is no fault, else a sentence without its subject
 * ("must be …").
 */
export function originFault(text: unknown, options: { readonly sandbox: boolean }): string | null {
  const read = readEntry(text, options.sandbox);
  return read.ok ? null : read.message;
}

/** An allowed origin in its stored form: lower case, punycode, no default port. Throws RangeError for one with a fault. */
export function canonicalOrigin(text: string): string {
  const read = readEntry(text, true);
  if (!read.ok) throw new RangeError(`An allowed origin ${read.message}`);
  const { scheme, host, wildcard, port } = read.entry;
  return `${scheme}://${wildcard ? '*.' : ''}${host}${port === '' ? '' : `:${port}`}`;
}

/**
 * True where a page of `origin` may use a public key with these allowed origins. Scheme, host and port must be equal.
 * `origin`: the `Origin` header as the browser sent it. `null`, and text that no
 * browser sends (a path, upper case), are never allowed.
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

/** The host of an allowed origin, to register for wallets. null: it has a wildcard, localhost, http or an IP address. */
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
  // ENTRY has matched exactly one host: the URL parser only changes it to lower case and punycode.
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

/** True where `host` is a subdomain of `parent`, at any depth. False for `parent` itself, and for `evilshop.example`. */
function isBelow(host: string, parent: string): boolean {
  return HOST.test(host) && host.endsWith(`.${parent}`);
}

/** True where the URL parser returns the origin unchanged, so without upper case or a default port. */
function isSerialized(origin: string): boolean {
  return URL.canParse(origin) && new URL(origin).origin === origin;
}
