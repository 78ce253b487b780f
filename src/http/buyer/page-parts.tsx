import type { Child } from 'hono/jsx';
import type { HtmlEscapedString } from 'hono/utils/html';
import { splitAtEmails } from '../../core/email.ts';
import { parsePaymentLinkToken } from '../../core/ids.ts';
import type { PictureType } from '../../core/picture.ts';
import { logoUrl } from '../../core/urls.ts';
import { EMPTY_PROFILE } from '../../db/business-profiles.ts';
import type { LinkWithSeller } from '../../db/payment-links.ts';
import type { Strings } from './strings.tsx';

/** The HTML of a whole page, or a promise of it, for `c.html`. */
export type PageNode = HtmlEscapedString | Promise<HtmlEscapedString>;

/** The name of this service, where a page does not name a seller. */
export const SERVICE_NAME = 'SoftSolz Payments';

/**
 * The title of a document, which is also the name of a saved page: how things stand, if that is to be said, what the
 * payment is for, and the seller. "Paid · Studio deposit · Harbour Studio". Plain text, which a program may cut.
 */
export function pageTitle(
  state: string | null,
  { heading, businessName }: { readonly heading: string | null; readonly businessName: string | null },
): string {
  return joinParts([state, heading, heading === null ? SERVICE_NAME : businessName]);
}

/** Joins texts to one line. null stands for a part that is left out. */
export function joinParts(parts: readonly (string | null)[]): string {
  return parts.filter((part) => part !== null).join(' · ');
}

/** What the pages for a payment link show of the link and of its seller. */
export type ShownLink = Pick<LinkWithSeller, 'link' | 'workspace' | 'profile'>;

/** The name of the seller. null: the pages of this link do not name the seller. */
export function shownName({ link, workspace, profile }: ShownLink): string | null {
  return link.showBusinessName ? (profile?.displayName ?? workspace.name) : null;
}

/** The colours of the pay button, as `#rgb` or `#rrggbb`. null: it has our own. */
export interface ButtonColours {
  readonly background: string | null;
  readonly text: string | null;
}

/** The colours of a link's pay button: the link's own, else the background is the seller's brand colour. */
export function shownButton({ link, profile }: Pick<ShownLink, 'link' | 'profile'>): ButtonColours {
  return { background: link.buttonColor ?? profile?.brandColor ?? null, text: link.buttonTextColor };
}

/** A picture of the seller. `path`: its address without our host. `width` and `height`: those of the file, in pixels. */
export interface ShownLogo {
  readonly path: string;
  readonly type: PictureType;
  readonly width: number;
  readonly height: number;
}

/** What the pages for a payment link show of its seller besides the name. A member that is null is not shown. */
export interface ShownProfile {
  readonly logo: ShownLogo | null;
  readonly website: string | null;
  readonly supportEmail: string | null;
  readonly supportPhone: string | null;
  readonly termsUrl: string | null;
  readonly privacyUrl: string | null;
  readonly refundPolicyUrl: string | null;
}

/**
 * What the pages for a link show of the seller's profile. Where the seller is not named, logo and website are left out
 * too, because they tell who it is. null: no link is known, so nothing is shown.
 */
export function shownProfile(shown: ShownLink | null): ShownProfile {
  const profile = shown?.profile ?? EMPTY_PROFILE;
  const isNamed = shown?.link.showBusinessName === true;
  return {
    logo: isNamed ? shownLogo(shown) : null,
    website: isNamed ? profile.website : null,
    supportEmail: profile.supportEmail,
    supportPhone: profile.supportPhone,
    termsUrl: profile.termsUrl,
    privacyUrl: profile.privacyUrl,
    refundPolicyUrl: profile.refundPolicyUrl,
  };
}

function shownLogo({ link, workspace, profile }: ShownLink): ShownLogo | null {
  const { logoHash: hash, logoType: type, logoWidth: width, logoHeight: height } = profile ?? EMPTY_PROFILE;
  const shard = parsePaymentLinkToken(link.token)?.shard;
  // The address of the logo answers 404 while the workspace is suspended.
  if (workspace.status !== 'active') return null;
  if (hash === null || type === null || width === null || height === null || shard === undefined) return null;
  return { path: logoUrl('', { shard, hash }), type, width, height };
}

/** What a page that takes payments shows of its payment link. Amounts are integer minor units. */
export interface LinkView {
  /** The name of the seller. null: the page does not show it. */
  readonly businessName: string | null;
  readonly profile: ShownProfile;
  readonly heading: string;
  readonly currency: string;
  /** The fixed price. null: the buyer chooses the amount. */
  readonly amountMinor: number | null;
  readonly minAmountMinor: number | null;
  readonly suggestedAmountsMinor: readonly number[];
  readonly button: ButtonColours;
}

/** What a page that takes payments shows of a payment link. */
export function linkView(shown: ShownLink): LinkView {
  const { link } = shown;
  const { title: heading, currency, amountMinor, minAmountMinor, suggestedAmountsMinor } = link;
  return {
    businessName: shownName(shown),
    profile: shownProfile(shown),
    heading,
    currency,
    amountMinor,
    minAmountMinor,
    suggestedAmountsMinor: suggestedAmountsMinor ?? [],
    button: shownButton(shown),
  };
}

interface SellerHeaderProps {
  readonly businessName: string | null;
  readonly profile: Pick<ShownProfile, 'logo'>;
  /** What the payment is for. Set if the heading of the page does not say it. */
  readonly subject?: string;
  readonly strings: Strings;
}

/** The header above a page's content: logo and name of the seller, or "secure payment" if the seller is not named. */
export function SellerHeader({ businessName, profile, subject, strings }: SellerHeaderProps): Child {
  return (
    <header class="from">
      <Mark businessName={businessName} logo={profile.logo} />
      <p>
        <bdi>{businessName ?? strings.securePayment}</bdi>
        {subject !== undefined && <bdi class="subject">{subject}</bdi>}
      </p>
    </header>
  );
}

/** What stands before the name of the seller, which says the same. */
function Mark({ businessName, logo }: { businessName: string | null; logo: ShownLogo | null }): Child {
  if (logo !== null) {
    return <img class="mark" src={logo.path} width={logo.width} height={logo.height} alt="" decoding="async" />;
  }
  return (
    <span class="mark" aria-hidden="true">
      {businessName === null ? <Icon name="lock" size={18} /> : firstLetter(businessName)}
    </span>
  );
}

/**
 * The heading of a page that says how things stand. It has the focus when the page loads, with and without scripts, so
 * that a screen reader says it first, and then the element with the id `note`, which explains it.
 */
export function StateHeading({ title }: { title: string }): Child {
  return (
    <h1 tabindex={-1} autofocus aria-describedby="note">
      {title}
    </h1>
  );
}

function firstLetter(name: string): string {
  const [first] = new Intl.Segmenter().segment(name.trim().slice(0, 16));
  return (first?.segment ?? '').toUpperCase();
}

/**
 * A longer text of the merchant, with its line breaks, in its own direction. Its e-mail addresses are links. Nothing
 * else in it becomes a link: the page names no address on the web that is not known to be the merchant's.
 */
export function MerchantText({ text, id }: { text: string; id?: string }): Child {
  return (
    <p class="note" id={id}>
      <bdi>
        {splitAtEmails(text).map((part) =>
          part.address === null ? part.text : <EmailLink written={part.text} address={part.address} />,
        )}
      </bdi>
    </p>
  );
}

/** An address is read from left to right, also inside a text that is read from right to left. */
export function EmailLink({ written, address }: { written: string; address: string }): Child {
  const at = address.lastIndexOf('@');
  return (
    <a href={`mailto:${encodeURIComponent(address.slice(0, at))}${address.slice(at)}`} dir="ltr">
      {written}
    </a>
  );
}

/** The SVG paths of the icons. Each icon stands beside words that say the same, so screen readers skip it. */
const PATHS = {
  lock: 'M6 11h12a2 2 0 0 1 2 2v6a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2v-6a2 2 0 0 1 2-2ZM8 11V7.5a4 4 0 0 1 8 0V11',
  store: 'M5 10.5V20h14v-9.5M3 8.5 5 4h14l2 4.5a3 3 0 0 1-6 0 3 3 0 0 1-6 0 3 3 0 0 1-6 0ZM10 20v-5h4v5',
  chat: 'M5 5h14a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-8l-5 4v-4H5a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2Z',
  tick: 'm5 12.5 4.5 4.5L19 7.5',
  clock: 'M12 7v5.2l3.2 2M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18Z',
  alert: 'M12 7.5v5.5M12 16.4v.1M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18Z',
  pause: 'M9.5 8.5v7M14.5 8.5v7M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18Z',
  search: 'M11 4a7 7 0 1 1 0 14 7 7 0 0 1 0-14ZM16 16l4.5 4.5',
  globe: 'M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18ZM3.5 12h17M12 3c-5 5-5 13 0 18 5-5 5-13 0-18',
  back: 'M9 14 4 9l5-5M4 9h10.5a5.5 5.5 0 0 1 0 11H11',
} as const;

export type IconName = keyof typeof PATHS;

/** An icon in the colour of the text around it. `size`: its width and height in CSS pixels. */
export function Icon({ name, size }: { name: IconName; size: number }): Child {
  return <LineDrawing lines={PATHS[name]} size={size} />;
}

/** Lines in a square of 24, in the colour of the text around it. `size`: its width and height in CSS pixels. */
export function LineDrawing({ lines, size }: { lines: string; size: number }): Child {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={lines} />
    </svg>
  );
}
