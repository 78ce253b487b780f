const MAX_CHARACTERS = 254;

/**
 * An e-mail address much as browsers' forms accept it: before the @ every character that RFC 5321 (4.1.2) allows
 * unquoted, after the @ a domain of at least two labels, the last one letters or punycode. Runs in linear time.
 */
const ADDRESS =
  /^(?!\.)(?!.*\.\.)[A-Za-z0-9_.!#$%&'*+/=?^`{|}~-]*[A-Za-z0-9_!#$%&'*+/=?^`{|}~-]@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+(?:[A-Za-z]{2,}|xn--[A-Za-z0-9-]*[A-Za-z0-9])$/;

/** A domain in any script. The URL parser reads the three dots of East Asian scripts as "." too (UTS #46). */
const WRITTEN_DOMAIN = /^(?:[\p{L}\p{M}\p{N}.\u3002\uff0e\uff61-]|\p{Join_Control})+$/u;

const ASCII = /^[\0-\x7f]*$/;

/**
 * Reads an e-mail address. An international domain becomes punycode (`ann@münchen.de` is `ann@xn--mnchen-3ya.de`), which
 * every mail server and Stripe accept. All other characters stay as they are. null: not an address, or one of more than
 * 254 characters (RFC 5321, 4.5.3.1.3).
 */
export function readEmail(text: string): string | null {
  if (text.length > MAX_CHARACTERS) return null;
  const at = text.lastIndexOf('@') + 1;
  const domain = asciiDomain(text.slice(at));
  const address = domain === null ? null : text.slice(0, at) + domain;
  return address !== null && address.length <= MAX_CHARACTERS && ADDRESS.test(address) ? address : null;
}

/** An e-mail address that somebody else has checked, in the form of `readEmail`. Any other text stays as it is. */
export function canonicalEmail(text: string): string {
  return readEmail(text) ?? text;
}

function asciiDomain(domain: string): string | null {
  if (ASCII.test(domain)) return domain;
  if (!WRITTEN_DOMAIN.test(domain) || !URL.canParse(`https://${domain}`)) return null;
  return new URL(`https://${domain}`).hostname;
}
