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

/** A part of a text. `address`: the e-mail address that the part is, in the form of `readEmail`. null: it is none. */
export interface EmailPart {
  readonly text: string;
  readonly address: string | null;
}

/** RFC 5321, 4.5.3.1. */
const MAX_NAME_CHARACTERS = 64;
const MAX_DOMAIN_CHARACTERS = 253;

const NAME_AT_END = /[A-Za-z0-9_.!#$%&'*+/=?^`{|}~-]*$/;
/** A name with one of these is more likely a part of a URL. */
const URL_SIGN = /[/=?]/;
const MARKS_AT_START = /^[^A-Za-z0-9]+/;
/** In these scripts a word may stand beside an address without a space. In all others that makes it another word. */
const UNSPACED = ['Hani', 'Hira', 'Kana', 'Hang', 'Thai', 'Laoo', 'Khmr', 'Mymr'].map((script) => `\\p{scx=${script}}`);
const SPACED = `(?![${UNSPACED.join('')}])`;
const PART_AT_END = new RegExp(`${SPACED}[@\\p{L}\\p{M}\\p{N}]$`, 'u');
const DOMAIN_AT_START = new RegExp(`^(?:${SPACED}[\\p{L}\\p{M}\\p{N}.-])*`, 'u');
const DOTS_AT_END = /[.-]+$/;
/** The next sentence, where its space was forgotten: `ann@example.com.Please`. */
const NEXT_SENTENCE = /(?<=^[^\p{Lu}]*\.[^\p{Lu}]+)\.\p{Lu}\p{Ll}*$/u;
/** A domain before one of these is a part of something longer, as in `git@example.com:team/app`. */
const GOES_ON = /^(?:[@/]|:[\p{L}\p{N}/])/u;

/**
 * Splits a text into the e-mail addresses in it and what stands around them. The texts of the parts together are the
 * text. A punctuation mark before or after an address does not belong to it. What only may be an address, as a part of a
 * URL, is not taken for one. Runs in linear time.
 */
export function splitAtEmails(text: string): EmailPart[] {
  const parts: EmailPart[] = [];
  let end = 0;
  for (let at = text.indexOf('@'); at !== -1; at = text.indexOf('@', at + 1)) {
    const before = text.slice(Math.max(end, at - MAX_NAME_CHARACTERS - 3), at);
    const written = emailAround(before, text.slice(at + 1, at + 2 + MAX_DOMAIN_CHARACTERS));
    const address = written === null ? null : readEmail(written);
    if (written === null || address === null) continue;
    const start = at - written.indexOf('@');
    parts.push({ text: text.slice(end, start), address: null }, { text: written, address });
    end = start + written.length;
  }
  parts.push({ text: text.slice(end), address: null });
  return parts.filter((part) => part.text !== '');
}

/** What may be an e-mail address in the middle of a text, between what stands before and after its @. */
function emailAround(before: string, after: string): string | null {
  const [run = ''] = NAME_AT_END.exec(before.slice(-MAX_NAME_CHARACTERS - 1)) ?? [];
  const name = run.replace(MARKS_AT_START, '');
  const [domain = ''] = DOMAIN_AT_START.exec(after) ?? [];
  if (name === '' || run.length > MAX_NAME_CHARACTERS || domain.length > MAX_DOMAIN_CHARACTERS) return null;
  const isPart = PART_AT_END.test(before.slice(0, before.length - run.length).slice(-2)) || URL_SIGN.test(run);
  if (isPart || GOES_ON.test(after.slice(domain.length))) return null;
  return `${name}@${domain.replace(DOTS_AT_END, '').replace(NEXT_SENTENCE, '')}`;
}

function asciiDomain(domain: string): string | null {
  if (ASCII.test(domain)) return domain;
  if (!WRITTEN_DOMAIN.test(domain) || !URL.canParse(`https://${domain}`)) return null;
  return new URL(`https://${domain}`).hostname;
}
