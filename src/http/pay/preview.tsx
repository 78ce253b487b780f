import type { Child } from 'hono/jsx';
import { formatMoney } from '../../core/money/money.ts';
import type { Locale } from '../buyer/locale.ts';
import { joinParts, type LinkView, SERVICE_NAME, type ShownLogo, type ShownProfile } from '../buyer/page-parts.tsx';
import type { Strings } from '../buyer/strings.tsx';

/** The picture in the preview of an address in a chat. */
export interface PreviewImage {
  /** `card`: a wide picture that is shown large. `logo`: a small one, beside the text. */
  readonly kind: 'card' | 'logo';
  /** An absolute address, for programs that do not know the page's. */
  readonly url: string;
  /** In pixels. */
  readonly width: number;
  readonly height: number;
  readonly alt: string;
}

interface PreviewedSeller {
  readonly businessName: string | null;
  readonly profile: Pick<ShownProfile, 'logo'>;
  readonly strings: Strings;
}

/**
 * The logo of the seller, where chats show it, or else a static file. That file is the same for all links, also for those
 * whose seller is not shown.
 */
export function previewImage(publicUrl: string, { businessName, profile, strings }: PreviewedSeller): PreviewImage {
  if (businessName !== null && profile.logo !== null && isForPreviews(profile.logo)) {
    const { path, width, height } = profile.logo;
    return { kind: 'logo', url: `${publicUrl}${path}`, width, height, alt: businessName };
  }
  const alt = joinParts([strings.securePayment, SERVICE_NAME]);
  return { kind: 'card', url: `${publicUrl}/preview.png`, width: 1200, height: 630, alt };
}

/** In pixels: the least that Facebook shows, by its guide to sharing. Not all chats know WebP. */
const MIN_PREVIEW_SIDE = 200;

function isForPreviews({ type, width, height }: ShownLogo): boolean {
  return type !== 'image/webp' && Math.min(width, height) >= MIN_PREVIEW_SIDE;
}

/** The texts in the preview of an address. */
export interface PreviewText {
  readonly title: string;
  readonly description: string | null;
}

/** A description of at most so many characters is shown whole by most chats. */
const MAX_DESCRIPTION_CHARACTERS = 160;

/**
 * The preview of a pay page: the title with a fixed price, the seller where the page names one, and the beginning of
 * the link's description, or else a sentence about safety.
 */
export function payPreview(
  view: LinkView & { readonly text: string | null; readonly locale: Locale; readonly strings: Strings },
): PreviewText {
  const { heading, amountMinor, currency, businessName, text, strings } = view;
  const price = amountMinor === null ? null : formatMoney({ amountMinor, currency }, view.locale.tag);
  const about = text === null ? strings.cardAtStripe : shortened(text);
  return { title: joinParts([heading, price]), description: joinParts([businessName, about]) };
}

/** A space within the last 30 characters, and what follows it. A longer word is cut, because it may be a whole sentence. */
const LAST_WORD = /\s\S{0,29}$/;

/** The text in one line, cut after a word if it is too long, or after a character where the last word is long. */
function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  if (line.length <= MAX_DESCRIPTION_CHARACTERS) return line;
  let kept = '';
  for (const { segment } of new Intl.Segmenter().segment(line)) {
    if (kept.length + segment.length >= MAX_DESCRIPTION_CHARACTERS) break;
    kept += segment;
  }
  return `${kept.replace(LAST_WORD, '').replace(/\p{P}+$/u, '')}…`;
}

interface PreviewProps extends PreviewText {
  readonly siteName: string;
  readonly url: string;
  readonly image: PreviewImage;
}

/** The tags from which a chat makes the preview of an address: Open Graph, and what only X reads. */
export function Preview({ siteName, title, description, url, image }: PreviewProps): Child {
  return (
    <>
      <meta property="og:type" content="website" />
      <meta property="og:site_name" content={siteName} />
      <meta property="og:title" content={title} />
      {description !== null && <meta property="og:description" content={description} />}
      <meta property="og:url" content={url} />
      <meta property="og:image" content={image.url} />
      <meta property="og:image:width" content={String(image.width)} />
      <meta property="og:image:height" content={String(image.height)} />
      <meta property="og:image:alt" content={image.alt} />
      <meta name="twitter:card" content={image.kind === 'card' ? 'summary_large_image' : 'summary'} />
    </>
  );
}
