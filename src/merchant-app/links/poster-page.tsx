import type { Child } from 'hono/jsx';
import { linkUrl } from '../../core/urls.ts';
import type { LinkWithSeller } from '../../db/payment-links.ts';
import { shownName, shownProfile } from '../../http/buyer/page-parts.tsx';
import { Page, type PageNode } from '../pages/layout.tsx';
import { BackLink } from '../pages/parts.tsx';
import type { ShellView } from '../pages/shell.tsx';
import { linkPath, priceText } from './link-facts.tsx';
import { QrCode } from './share-parts.tsx';
import { shareTexts } from './share-texts.ts';

const SIZES = ['a4', 'a6'] as const;

type PosterSize = (typeof SIZES)[number];

interface PosterView {
  readonly shell: ShellView;
  readonly publicUrl: string;
  readonly found: LinkWithSeller;
  readonly size: PosterSize;
}

/** A page to print: who is paid for what, how much, and the code that leads to the pay page. */
export function posterPage(view: PosterView): PageNode {
  const { shell, publicUrl, found, size } = view;
  const { link } = found;
  const texts = shareTexts[shell.language].posterPage;
  const url = linkUrl(publicUrl, link.token);
  return (
    <Page
      language={shell.language}
      title={`${texts.title}: ${link.title}`}
      kind="poster"
      isSandbox={shell.mode === 'sandbox'}
      styleSheet={`/app/poster-${size}.css`}
    >
      <header class="row tools">
        <BackLink href={linkPath(shell, link.token)} text={texts.back} />
        <Tools view={view} />
      </header>
      <main class="sheet">
        <Seller view={view} />
        <h1 class={sizeOf(link.title)}>{link.title}</h1>
        {link.amountMinor !== null && <p class="price">{priceText(shell.language, link)}</p>}
        <QrCode url={url} />
        <p class="scan">{texts.scan}</p>
        <p>{texts.how}</p>
        <p class="address">{url.replace(/^https?:\/\//, '')}</p>
        {shell.mode === 'sandbox' && <p class="test">{texts.sandbox}</p>}
      </main>
    </Page>
  );
}

/** The class of a title that would not fit at the usual size. */
function sizeOf({ length }: string): string | undefined {
  if (length > 120) return 'longest';
  return length > 40 ? 'long' : undefined;
}

function Tools({ view: { shell, found, size } }: { view: PosterView }): Child {
  const texts = shareTexts[shell.language].posterPage;
  return (
    <>
      <nav class="seg" aria-label={texts.sizes}>
        {SIZES.map((each) => (
          <a
            href={linkPath(shell, found.link.token, `/poster?size=${each}`)}
            aria-current={each === size ? 'page' : undefined}
          >
            {each.toUpperCase()}
          </a>
        ))}
      </nav>
      <button class="btn main" type="button" data-print>
        {texts.print}
      </button>
      <small class="still">{texts.printHint}</small>
    </>
  );
}

/** The logo and the name of the seller, where the link shows them. */
function Seller({ view: { found, publicUrl } }: { view: PosterView }): Child {
  const { logo } = shownProfile(found);
  const name = shownName(found);
  return (
    <>
      {logo !== null && (
        <img class="logo" src={`${publicUrl}${logo.path}`} alt="" width={logo.width} height={logo.height} />
      )}
      {name !== null && <p class="name">{name}</p>}
    </>
  );
}
