import type { Child } from 'hono/jsx';
import { formatMoney } from '../../core/money/money.ts';
import { toRfc3339 } from '../../core/rfc3339.ts';
import { Icon, type IconName, type PageNode, SellerHeader } from '../buyer/page-parts.tsx';
import { type DoneStatus, type Strings, say } from '../buyer/strings.tsx';
import { Layout, type PageLayout } from './layout.tsx';

/** What the page after Checkout shows. */
export interface DonePageView extends PageLayout {
  readonly status: DoneStatus;
  readonly businessName: string | null;
  readonly heading: string;
  /** Integer minor units. */
  readonly amountMinor: number;
  /** The refunded amount, in integer minor units. */
  readonly refundedMinor: number;
  readonly currency: string;
  /** When the payment succeeded, in unix ms. null: it has not succeeded. */
  readonly paidAt: number | null;
  readonly receiptNumber: string;
  readonly reference: string | null;
  /** The address of this page. */
  readonly refreshUrl: string;
  /** The address that the page requests while it waits. The answer is `{"data":{"status","continue_url"?}}`. */
  readonly statusUrl: string;
  /** The merchant's `success_url` with the signed result. null: there is none, or it is not known yet. */
  readonly continueUrl: string | null;
  /** True: the buyer has paid, but the merchant's webhook is not delivered yet. The page waits for a `continue_url`. */
  readonly awaitsContinue?: boolean;
  readonly payUrl: string;
  /** True: the receipt leads to the form for another payment. */
  readonly offersAnother?: boolean;
}

/**
 * The script of the page after Checkout. It shows times in the buyer's time zone, and the print button. While the page
 * waits and is visible, it requests `data-url`: first after 2 s, then less often, at last every 10 s. When the status
 * has changed, it loads the page again. It opens a `continue_url` that it receives at once, and the one in `data-go`
 * after 4 s, unless the buyer came with the Back button.
 */
export const DONE_SCRIPT = `(()=>{const d=document,{url,status,refresh,go}=d.currentScript.dataset,b=d.querySelector('[data-print]');
for(const t of d.querySelectorAll('time'))t.textContent=new Date(t.dateTime).toLocaleString(d.documentElement.lang,{calendar:'gregory',day:'numeric',month:'long',year:'numeric',hour:'numeric',minute:'2-digit',timeZoneName:'short'});
if(b){b.hidden=false;b.onclick=()=>print()}
let wait=2e3;const ask=async()=>{try{if(!d.hidden){const r=await fetch(url,{cache:'no-store'});if(r.ok){const{data:n}=await r.json();if(n.continue_url)return location.replace(n.continue_url);if(n.status!==status)return location.replace(refresh)}}}catch{}
wait=Math.min(wait*1.25,1e4);setTimeout(ask,wait)};
if(url)setTimeout(ask,wait);
if(go&&performance.getEntriesByType('navigation')[0]?.type!=='back_forward')setTimeout(()=>location.replace(go),4e3)})()`;

/** Without scripts a page that waits is loaded again after this time. */
const REFRESH_SECONDS = 5;

const BADGES: Readonly<Record<DoneStatus, { icon: IconName; look: string }>> = {
  confirming: { icon: 'clock', look: 'badge wait' },
  processing: { icon: 'clock', look: 'badge' },
  paid: { icon: 'tick', look: 'badge good' },
  failed: { icon: 'alert', look: 'badge' },
  expired: { icon: 'clock', look: 'badge' },
  refunded: { icon: 'back', look: 'badge' },
  partially_refunded: { icon: 'back', look: 'badge' },
};

interface PartProps {
  readonly view: DonePageView;
  readonly strings: Strings;
}

/**
 * The page after Checkout: "confirming" until Stripe has confirmed the payment, then its result. A paid one has a
 * receipt. The page shows no e-mail address.
 */
export function DonePage(view: DonePageView): PageNode {
  const { strings } = view;
  const { title, text } = strings.done[view.status];
  const { icon, look } = BADGES[view.status];
  const waits = view.status === 'confirming' || view.awaitsContinue === true;
  const goesOn = view.continueUrl !== null;
  const polling = { 'data-url': view.statusUrl, 'data-status': view.status, 'data-refresh': view.refreshUrl };
  return (
    <Layout
      page={view}
      script={{
        source: DONE_SCRIPT,
        data: { ...(waits ? polling : {}), ...(goesOn ? { 'data-go': view.continueUrl ?? '' } : {}) },
      }}
      head={(waits || goesOn) && <ReloadWithoutScript url={view.continueUrl ?? view.refreshUrl} />}
    >
      <SellerHeader businessName={view.businessName} strings={strings} />
      <div class="body">
        <div class={look}>
          <Icon name={icon} size={28} />
        </div>
        <h1>{title}</h1>
        <p class="note">{text}</p>
        {(view.awaitsContinue || goesOn) && <p class="note">{strings.leaving}</p>}
        <Receipt view={view} strings={strings} />
        <Next view={view} strings={strings} />
      </div>
    </Layout>
  );
}

/** HTML for the head of a page that waits: if no script runs, the browser loads `url` after some seconds. */
export function ReloadWithoutScript({ url }: { url: string }): Child {
  return (
    <noscript>
      <meta http-equiv="refresh" content={`${REFRESH_SECONDS};url=${url}`} />
    </noscript>
  );
}

/** What is bought and its price. After the payment also the seller, the time and the receipt number. */
function Receipt({ view, strings }: PartProps): Child {
  const { receipt } = strings;
  return (
    <dl>
      <dt>{receipt.amount}</dt>
      <dd class="total">
        <bdi>{formatMoney(view, view.locale.tag)}</bdi>
      </dd>
      {view.status === 'partially_refunded' && (
        <Row
          name={receipt.refunded}
          value={formatMoney({ amountMinor: view.refundedMinor, currency: view.currency }, view.locale.tag)}
        />
      )}
      <Row name={receipt.subject} value={view.heading} />
      {view.reference !== null && <Row name={receipt.reference} value={view.reference} />}
      {isReceipt(view) && (
        <>
          <Row name={receipt.paidTo} value={view.businessName ?? receipt.sellerAccount} />
          {view.paidAt !== null && (
            <>
              <dt>{receipt.when}</dt>
              <dd>
                <time datetime={toRfc3339(view.paidAt)}>{dateText(view.paidAt, view.locale.tag)}</time>
              </dd>
            </>
          )}
          <Row name={receipt.number} value={view.receiptNumber} />
        </>
      )}
    </dl>
  );
}

function Row({ name, value }: { name: string; value: string }): Child {
  return (
    <>
      <dt>{name}</dt>
      <dd>
        <bdi>{value}</bdi>
      </dd>
    </>
  );
}

function Next({ view, strings }: PartProps): Child {
  const { status, continueUrl, businessName } = view;
  return (
    <div class="next">
      {continueUrl !== null && (
        <a class="pay" href={continueUrl}>
          <span>
            {businessName === null ? strings.continueOn : say(strings.continueTo, { business: businessName })}
          </span>
        </a>
      )}
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
      {isReceipt(view) && (
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

function isReceipt({ status }: DonePageView): boolean {
  return status === 'paid' || status === 'refunded' || status === 'partially_refunded';
}

/** Writes a time (unix ms) in UTC with the name of that time zone, because the server does not know the buyer's. */
function dateText(ms: number, tag: string): string {
  return new Intl.DateTimeFormat(tag, {
    calendar: 'gregory',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZone: 'UTC',
    timeZoneName: 'short',
  }).format(ms);
}
