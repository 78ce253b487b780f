import type { Child } from 'hono/jsx';
import { CardFoot } from '../buyer/card-foot.tsx';
import {
  Icon,
  type IconName,
  MerchantText,
  type PageNode,
  pageTitle,
  SellerHeader,
  StateHeading,
} from '../buyer/page-parts.tsx';
import { type ClosedReason, type Strings, say } from '../buyer/strings.tsx';
import type { PaidNotice } from './earlier-payments.ts';
import { Layout, type PageLayout, ReloadWithoutScript } from './layout.tsx';
import { PaidBefore } from './paid-before.tsx';

/** What a page without a payment form shows. */
export interface ClosedPageView extends PageLayout {
  readonly reason: ClosedReason;
  /** The merchant's own text, in place of ours. null: our text is shown. */
  readonly message: string | null;
  /** The address behind "try again", "refresh", "open the page" or "show the receipt". null: the page has no such link. */
  readonly retryUrl: string | null;
  /** Set if a payment cannot be shown now: the page requests this address, and loads `retryUrl` once it is answered. */
  readonly statusUrl: string | null;
  readonly retryAfterSeconds: number | null;
  /** An earlier payment of this buyer, for a notice with the way to it. null: there is none, or `retryUrl` leads to it. */
  readonly earlier: PaidNotice | null;
}

const ICONS: Readonly<Record<ClosedReason, IconName>> = {
  not_found: 'search',
  inactive: 'pause',
  expired: 'clock',
  sold_out: 'pause',
  sold_out_held: 'clock',
  already_paid: 'tick',
  processing: 'clock',
  not_ready: 'clock',
  slow_down: 'clock',
  unavailable: 'alert',
  done_unavailable: 'clock',
  refused: 'lock',
  wrong_method: 'alert',
};

/** For these reasons the request was wrong, and opening the page again helps. */
const WRONG_REQUESTS: readonly ClosedReason[] = ['refused', 'wrong_method'];

/** A page without a payment form: the reason, in the merchant's own words if any, and what the buyer can do. */
export function ClosedPage(view: ClosedPageView): PageNode {
  const { strings, retryUrl, statusUrl } = view;
  const { title, text } = view.reason === 'processing' ? strings.done.processing : strings.closed[view.reason];
  const polled = retryUrl !== null && statusUrl !== null ? { 'data-url': statusUrl, 'data-refresh': retryUrl } : null;
  return (
    <Layout
      page={view}
      title={pageTitle(title, view)}
      script={polled ? { source: view.scripts.done, data: polled } : undefined}
      head={polled && <ReloadWithoutScript page={view} url={polled['data-refresh']} />}
    >
      {view.heading !== null && (
        <SellerHeader
          businessName={view.businessName}
          profile={view.profile}
          subject={view.heading}
          strings={strings}
        />
      )}
      <div class="body">
        <div class={view.reason === 'already_paid' ? 'badge good' : 'badge'}>
          <Icon name={ICONS[view.reason]} size={26} />
        </div>
        <StateHeading title={title} />
        {view.message === null ? (
          <p class="note" id="note">
            {text}
          </p>
        ) : (
          <MerchantText text={view.message} id="note" />
        )}
        {view.earlier !== null && (
          <p class="note">
            <PaidBefore notice={view.earlier} strings={strings} />
          </p>
        )}
        <Retry view={view} />
      </div>
      <CardFoot profile={view.profile} strings={strings} />
    </Layout>
  );
}

function Retry({ view }: { view: ClosedPageView }): Child {
  const { reason, retryAfterSeconds, retryUrl, locale, strings } = view;
  return (
    <>
      {retryAfterSeconds !== null && reason !== 'done_unavailable' && (
        <p class="note">{say(strings.tryAgainWhen, { when: soon(retryAfterSeconds, locale.tag) })}</p>
      )}
      {retryUrl !== null && (
        <div class="next">
          <a class="pay quiet" href={retryUrl}>
            {retryText(reason, strings)}
          </a>
        </div>
      )}
    </>
  );
}

/** The text of the link to `retryUrl`. A buyer who may have paid is asked only to refresh, never to pay. */
function retryText(reason: ClosedReason, strings: Strings): string {
  if (reason === 'already_paid') return strings.embed.receipt;
  if (reason === 'processing') return strings.showPayment;
  if (reason === 'done_unavailable') return strings.refresh;
  return WRONG_REQUESTS.includes(reason) ? strings.openPage : strings.tryAgain;
}

/** A time from now in the reader's language: "in 30 seconds", "in 5 minutes". */
function soon(seconds: number, tag: string): string {
  const format = new Intl.RelativeTimeFormat(tag);
  return seconds < 90 ? format.format(seconds, 'second') : format.format(Math.ceil(seconds / 60), 'minute');
}
