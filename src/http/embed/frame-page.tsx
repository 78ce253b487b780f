import { raw } from 'hono/html';
import type { Child } from 'hono/jsx';
import { formatMoney } from '../../core/money/money.ts';
import { AmountChoice } from '../buyer/amount-choice.tsx';
import type { AmountView } from '../buyer/amount-fault.ts';
import { buttonStyle } from '../buyer/button-colours.ts';
import { From, type PageNode } from '../buyer/layout.tsx';
import type { Locale } from '../buyer/locale.ts';
import type { Strings } from '../buyer/strings.tsx';

/** What src/widget/frame.ts reads from the page: the only data it has. */
export interface FrameData {
  /** The frame's own token. */
  readonly t: string;
  readonly form: string;
  /** Of the merchant's page: the only one that is spoken to. */
  readonly origin: string;
  /** What the merchant's page knows of its buyer; judged where the session is opened. */
  readonly email: string | null;
  readonly reference: string | null;
  /** null: the price is fixed, and the checkout starts at once. Else the buyer's amount is asked first. */
  readonly amount: { readonly empty: string } | null;
  readonly stripeJs: string;
  readonly sessionUrl: string;
  readonly statusUrl: string;
  readonly endUrl: string;
  /** The link takes so many payments and no more: an open session keeps others out. */
  readonly limited: boolean;
  /** The hosted pay page, and the receipt on it (`session_id` is to be added). */
  readonly payUrl: string;
  readonly doneUrl: string;
  readonly texts: ReturnType<typeof frameTexts>;
}

type Text = Strings['closed']['inactive'];

/** The merchant's own words to a buyer who comes too late, in place of ours. */
export function tooLate(text: Text, lateMessage: string | undefined): Text {
  return lateMessage === undefined ? text : { ...text, text: lateMessage };
}

/** The texts that the script shows, in the buyer's language. */
export function frameTexts({ embed, done, closed }: Strings, lateMessage?: string) {
  return {
    loading: embed.loading,
    notLoaded: embed.notLoaded,
    over: embed.over,
    confirming: done.confirming,
    processing: done.processing,
    succeeded: { title: done.paid.title, text: '' },
    failed: done.failed,
    expired: done.expired,
    inactive: tooLate(closed.inactive, lateMessage),
    soldOut: tooLate(closed.sold_out, lateMessage),
    soldOutHeld: closed.sold_out_held,
    notReady: closed.not_ready,
    slowDown: closed.slow_down,
    unavailable: closed.unavailable,
  };
}

/** Beside what every page of a payment link has: inside a dialog there is no ground and no card. */
const FRAME_STYLE = `body{display:block;min-block-size:0;padding:0;background:var(--paper)}main{--pad:clamp(1rem,5vw,1.5rem);border:0;border-radius:0;box-shadow:none}
.sandbox{border-radius:0}#checkout{min-block-size:1px}.sum{margin-block-start:.5rem;font-size:clamp(1.75rem,8vw,2.25rem)}
#state{margin-block-start:1rem}#state:focus{outline:none}#state h2{font-size:1.25rem;line-height:1.3}#state .note:empty{display:none}.elsewhere{margin:0;padding:.75rem 1rem 1rem;text-align:center;font-size:.875rem}.elsewhere a,.chosen button{color:inherit}.chosen{margin:.5rem 0 0}.chosen button{border:0;background:0;padding:.625rem 0;font:inherit;text-decoration:underline;cursor:pointer}button.pay{border-color:var(--edge)}`;

interface ShellProps {
  readonly locale: Locale;
  readonly nonce: string;
  readonly title: string;
  /** The pay pages' style sheet: the frame carries it, so that it is one request less to the card field. */
  readonly sheet: string;
  readonly style?: string;
  readonly head?: Child;
  readonly children: Child;
}

function Shell({ locale, nonce, title, sheet, style = '', head, children }: ShellProps): PageNode {
  return (
    <>
      {raw('<!doctype html>')}
      <html lang={locale.tag} dir={locale.dir}>
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width,initial-scale=1" />
          <meta name="robots" content="noindex" />
          <title>{title}</title>
          <style nonce={nonce}>{raw(sheet + FRAME_STYLE + style)}</style>
          {head}
        </head>
        <body>{children}</body>
      </html>
    </>
  );
}

export interface FrameView extends AmountView {
  readonly strings: Strings;
  readonly nonce: string;
  readonly sheet: string;
  readonly sandbox: boolean;
  readonly businessName: string | null;
  readonly heading: string;
  /** Integer minor units of a fixed price; null where the buyer chooses. */
  readonly amountMinor: number | null;
  readonly button: { readonly background: string | null; readonly text: string | null };
  readonly data: FrameData;
  /** Of the page; '' where it could not be read: then the browser asks for the file. */
  readonly script: string;
}

/**
 * The page in the widget's frame. Its script fills it: `#choose` asks for an open amount, with `#fault` beside the field,
 * and `#chosen` leads back to it; `#checkout` is Stripe's, and `#elsewhere` leads to the methods that need a page of their own; `#state` says what is going on, with `#retry`, `#receipt`, `#pay-page` and `#close` as ways on.
 */
export function FramePage(view: FrameView): PageNode {
  const { strings, data, locale, heading, currency, amountMinor, nonce } = view;
  return (
    <Shell
      locale={locale}
      nonce={nonce}
      title={heading}
      sheet={view.sheet}
      style={buttonStyle(view.button)}
      head={
        <>
          <link rel="preload" as="script" href={data.stripeJs} />
          <script type="application/json" id="data">
            {raw(scriptJson(data))}
          </script>
        </>
      }
    >
      {view.sandbox && (
        <header class="sandbox">
          <p>{strings.sandbox}</p>
        </header>
      )}
      <main aria-labelledby="title">
        {view.businessName !== null && <From businessName={view.businessName} strings={strings} />}
        <div class="body">
          <h1 id="title">
            <bdi>{heading}</bdi>
          </h1>
          {amountMinor !== null && (
            <p class="sum">
              <span class="vh">{strings.amount} </span>
              <bdi>{formatMoney({ amountMinor, currency }, locale.tag)}</bdi>
            </p>
          )}
          {amountMinor === null && <ChooseForm view={view} />}
          {amountMinor === null && (
            <p class="chosen" id="chosen" hidden>
              <button type="button">{strings.embed.changeAmount}</button>
            </p>
          )}
          <State strings={strings} payUrl={data.payUrl} hidden={amountMinor === null} />
        </div>
        <div id="checkout" />
        <p class="elsewhere" id="elsewhere" hidden>
          <a href={data.payUrl} target="_blank" rel="noopener">
            {strings.embed.moreWays}
          </a>
        </p>
      </main>
      {view.script === '' ? <script src="/embed/frame.js" /> : <script nonce={nonce}>{raw(view.script)}</script>}
    </Shell>
  );
}

function ChooseForm({ view }: { view: FrameView }): Child {
  const { strings } = view;
  const untouched = { email: null, reference: null, passthrough: {}, amount: null };
  return (
    <form id="choose" novalidate>
      <AmountChoice view={{ ...view, prefill: untouched, fault: { amount: null } }} strings={strings} />
      <p class="error" id="fault" role="alert" hidden />
      <button class="pay" type="submit">
        <span>{strings.continueToPayment}</span>
      </button>
    </form>
  );
}

function State({ strings, payUrl, hidden }: { strings: Strings; payUrl: string; hidden: boolean }): Child {
  const { embed, tryAgain } = strings;
  return (
    <section id="state" role="status" tabindex={-1} hidden={hidden}>
      <h2>{embed.loading}</h2>
      <p class="note" />
      <div class="next">
        <button class="pay" id="retry" type="button" hidden>
          {tryAgain}
        </button>
        <a class="pay quiet" id="receipt" href={payUrl} target="_blank" rel="noopener" hidden>
          {embed.receipt}
        </a>
        <a class="pay quiet" id="pay-page" href={payUrl} target="_blank" rel="noopener" hidden>
          {embed.continueOnPage}
        </a>
        <button class="pay quiet" id="close" type="button" hidden>
          {embed.close}
        </button>
      </div>
    </section>
  );
}

/** A frame that takes no payment: why. `told`: the page that may frame it, and is told so; null: nobody. */
export function ClosedFrame(view: {
  readonly locale: Locale;
  readonly nonce: string;
  readonly sheet: string;
  readonly title: string;
  readonly text: string;
  readonly told: { readonly origin: string; readonly reason: string } | null;
}): PageNode {
  return (
    <Shell locale={view.locale} nonce={view.nonce} title={view.title} sheet={view.sheet}>
      <main aria-labelledby="title">
        <div class="body">
          <h1 id="title">{view.title}</h1>
          <p class="note">{view.text}</p>
        </div>
      </main>
      {view.told && <script nonce={view.nonce}>{raw(blockedScript(view.told))}</script>}
    </Shell>
  );
}

/** So that the page shows these words, and does not take the frame for one that never came. */
function blockedScript({ origin, reason }: { readonly origin: string; readonly reason: string }): string {
  const message = { source: 'softsolz', type: 'payments.blocked', data: { reason } };
  return `parent.postMessage(${scriptJson(message)}, ${scriptJson(origin)})`;
}

/** JSON that cannot end the element it stands in, whatever is in it. */
function scriptJson(data: object | string): string {
  return JSON.stringify(data).replaceAll('<', '\\u003c');
}
