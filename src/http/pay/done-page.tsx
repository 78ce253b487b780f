import type { Child } from 'hono/jsx';
import { formatMoney } from '../../core/money/money.ts';
import { amountStyle } from '../buyer/amount-style.ts';
import { CardFoot } from '../buyer/card-foot.tsx';
import { Icon, type IconName, type PageNode, pageTitle, SellerHeader, StateHeading } from '../buyer/page-parts.tsx';
import { type DoneStatus, say } from '../buyer/strings.tsx';
import { Layout, type PageLayout, ReloadWithoutScript } from './layout.tsx';
import { isReceipt, Receipt, type ReceiptView } from './receipt.tsx';

/** What the page after Checkout shows. */
export interface DonePageView extends PageLayout, ReceiptView {
  readonly heading: string;
  /** The address of this page. */
  readonly refreshUrl: string;
  /** The address that the page requests while it waits. The answer is `{"data":{"status","continue_url"?}}`. */
  readonly statusUrl: string;
  /** The merchant's `success_url` with the signed result. null: there is none, or it is not known yet. */
  readonly continueUrl: string | null;
  /** True: the buyer has paid, but the merchant's webhook is not delivered yet. The page waits for a `continue_url`. */
  readonly awaitsContinue?: boolean;
  /** True: after a countdown, which the buyer can stop, the page goes on to `continueUrl` by itself. */
  readonly countsDown?: boolean;
  readonly payUrl: string;
  /** True: the receipt leads to the form for another payment. */
  readonly offersAnother?: boolean;
}

const BADGES: Readonly<Record<DoneStatus, { icon: IconName; look: string }>> = {
  confirming: { icon: 'clock', look: 'badge wait' },
  processing: { icon: 'clock', look: 'badge' },
  paid: { icon: 'tick', look: 'badge good' },
  failed: { icon: 'alert', look: 'badge' },
  expired: { icon: 'clock', look: 'badge' },
  refunded: { icon: 'back', look: 'badge' },
  partially_refunded: { icon: 'back', look: 'badge' },
};

/**
 * The page after Checkout: "confirming" until Stripe has confirmed the payment, then its result. A paid one has a
 * receipt. The page shows no e-mail address of the buyer.
 */
export function DonePage(view: DonePageView): PageNode {
  const { strings } = view;
  const { title, text } = strings.done[view.status];
  const { icon, look } = BADGES[view.status];
  const waits = view.status === 'confirming' || view.awaitsContinue === true;
  const polling = { 'data-url': view.statusUrl, 'data-status': view.status, 'data-refresh': view.refreshUrl };
  return (
    <Layout
      page={view}
      title={pageTitle(view.status === 'paid' ? strings.titles.paid : title, view)}
      style={amountStyle(':root', [formatMoney(view, view.locale.tag)])}
      script={{ source: view.scripts.done, data: waits ? polling : {} }}
      head={waits && <ReloadWithoutScript page={view} url={view.refreshUrl} />}
    >
      <SellerHeader businessName={view.businessName} profile={view.profile} strings={strings} />
      <div class="body">
        <div class={look}>
          <Icon name={icon} size={28} />
        </div>
        <StateHeading title={title} />
        <p class="note" id="note">
          {text}
        </p>
        {view.status === 'processing' && <p class="note">{strings.comeBack}</p>}
        <Receipt view={view} />
        <Next view={view} />
        {view.countsDown && <Countdown view={view} />}
      </div>
      <CardFoot profile={view.profile} strings={strings} />
    </Layout>
  );
}

function Next({ view }: { view: DonePageView }): Child {
  const { status, strings } = view;
  return (
    <div class="next">
      <Continue view={view} />
      {status === 'confirming' && (
        <a class="pay quiet" href={view.refreshUrl}>
          {strings.refresh}
        </a>
      )}
      {(status === 'failed' || status === 'expired') && (
        <a class="pay" href={view.payUrl}>
          {strings.payAgain}
        </a>
      )}
      {(isReceipt(view) || status === 'processing') && (
        <button class="pay quiet" type="button" data-print hidden>
          {strings.print}
        </button>
      )}
      {isReceipt(view) && view.offersAnother && (
        <a class="pay quiet" href={view.payUrl}>
          {strings.payAnother}
        </a>
      )}
    </div>
  );
}

/** The link on to the shop. While its address is awaited, it is a link without one, so that nothing moves later. */
function Continue({ view }: { view: DonePageView }): Child {
  const { continueUrl, businessName, strings } = view;
  if (continueUrl === null && !view.awaitsContinue) return null;
  const target = continueUrl === null ? { role: 'link', 'aria-disabled': 'true' } : { href: continueUrl };
  return (
    <a class="pay" {...target} data-go>
      <span>{businessName === null ? strings.continueOn : say(strings.continueTo, { business: businessName })}</span>
    </a>
  );
}

/**
 * The place of the script's countdown, at the bottom of the window: it covers no control that has the focus, because
 * it goes away when one gets it, and nothing moves then. The time ticks in sight; a screen reader hears it once.
 */
function Countdown({ view: { businessName, strings } }: { view: DonePageView }): Child {
  const text = businessName === null ? strings.leavingToSeller : strings.leavingTo;
  const around = text
    .split('{when}')
    .map((part) => (businessName === null ? part : say(part, { business: businessName })));
  return (
    <>
      <div class="leaving" hidden>
        <p aria-hidden="true">
          {around[0]}
          <bdi data-when />
          {around[1]}
        </p>
        <button type="button">{strings.stayHere}</button>
      </div>
      <p class="vh" role="status" data-say />
    </>
  );
}
