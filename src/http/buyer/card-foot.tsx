import type { Child } from 'hono/jsx';
import { EmailLink, Icon, type ShownProfile } from './page-parts.tsx';
import type { Strings } from './strings.tsx';

interface CardFootProps {
  readonly profile: ShownProfile;
  readonly strings: Strings;
  /** What stands above the seller's contacts. */
  readonly children?: Child;
}

/**
 * The foot of a page's card: how to reach the seller, and the seller's terms. It is left out if it would be empty. The
 * links open in new tabs, because a form that is half filled in must not be lost.
 */
export function CardFoot({ profile, strings, children }: CardFootProps): Child {
  const isEmpty = children === undefined && Object.values({ ...profile, logo: null }).every((value) => value === null);
  if (isEmpty) return null;
  return (
    <div class="trust">
      {children}
      <Contacts profile={profile} strings={strings} />
      <LegalLinks profile={profile} strings={strings} />
    </div>
  );
}

function Contacts({ profile, strings }: CardFootProps): Child {
  const { supportEmail, supportPhone, website } = profile;
  if (supportEmail === null && supportPhone === null && website === null) return null;
  return (
    <div class="ask">
      <Icon name="chat" size={18} />
      <p>
        <span>{strings.questions}</span>{' '}
        {supportEmail !== null && <EmailLink written={supportEmail} address={supportEmail} />}{' '}
        {supportPhone !== null && (
          <a href={`tel:${dialled(supportPhone)}`} dir="ltr">
            {supportPhone}
          </a>
        )}{' '}
        {website !== null && (
          <NewTab href={website} dir="ltr">
            {shortAddress(website)}
          </NewTab>
        )}
      </p>
    </div>
  );
}

function LegalLinks({ profile, strings }: CardFootProps): Child {
  const { termsUrl, privacyUrl, refundPolicyUrl } = profile;
  const links = [
    { href: termsUrl, text: strings.terms },
    { href: privacyUrl, text: strings.privacy },
    { href: refundPolicyUrl, text: strings.refundPolicy },
  ];
  if (links.every(({ href }) => href === null)) return null;
  return (
    <p class="legal">{links.map(({ href, text }) => href !== null && [<NewTab href={href}>{text}</NewTab>, ' '])}</p>
  );
}

function NewTab({ href, dir, children }: { href: string; dir?: 'ltr'; children: Child }): Child {
  return (
    <a href={href} target="_blank" rel="noopener" dir={dir}>
      {children}
    </a>
  );
}

/** At the end of a number: an extension as in "+44 20 7946 0958 - 12345", or only the last of its groups. */
const LAST_GROUP = / - \d{3,}$/;
/** Fewer digits are not yet a whole number. */
const WHOLE_NUMBER = 10;

/** A phone number as a phone dials it, without its extension. Nobody dials the (0) of +44 (0)20 from abroad. */
function dialled(phone: string): string {
  const plus = phone.trim().startsWith('+') ? '+' : '';
  const written = plus === '' ? phone : phone.replace(/\(0\)/g, '');
  const before = digitsOf(written.trim().replace(LAST_GROUP, ''));
  return plus + (before.length >= WHOLE_NUMBER ? before : digitsOf(written));
}

const digitsOf = (text: string) => text.replace(/[^0-9]/g, '');

const MAX_ADDRESS_CHARACTERS = 40;

/** An address as people write it. The host stays in punycode, in which no letter looks like another. */
function shortAddress(url: string): string {
  const { host, pathname } = new URL(url);
  const short = host.replace(/^www\./, '');
  const whole = short + pathname.replace(/\/$/, '');
  return whole.length <= MAX_ADDRESS_CHARACTERS ? whole : short;
}
