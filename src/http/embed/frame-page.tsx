import { raw } from 'hono/html';
import type { Child } from 'hono/jsx';
import type { FrameData } from '../../contract/frame-data.ts';
import { messageOf } from '../../contract/messages.ts';
import { formatMoney } from '../../core/money/money.ts';
import { AmountButton, AmountChoice, amountChoiceStyle } from '../buyer/amount-choice.tsx';
import { amountStyle } from '../buyer/amount-style.ts';
import { buttonStyle } from '../buyer/button-colours.ts';
import type { Locale } from '../buyer/locale.ts';
import { type LinkView, type PageNode, pageTitle, SellerHeader } from '../buyer/page-parts.tsx';
import type { Strings } from '../buyer/strings.tsx';
import { FrameLayout, scriptJson } from './frame-layout.tsx';

interface FrameView extends LinkView {
  readonly locale: Locale;
  readonly strings: Strings;
  readonly nonce: string;
  readonly sheet: string;
  readonly sandbox: boolean;
  readonly data: FrameData;
  /** The text of the frame's script. '': the text could not be read, so the browser loads the script as a file. */
  readonly script: string;
}

/**
 * The page in the widget's frame. The frame's script shows and hides its elements: `#choose` asks for the amount,
 * `#fault` says what is wrong with it, `#chosen` leads back to it, `#checkout` holds Stripe's form, and `#elsewhere`
 * leads to the pay page. `#state` shows how the payment stands, and offers `#retry`, `#receipt`, `#pay-page` and
 * `#close`.
 */
export function FramePage(view: FrameView): PageNode {
  const { strings, data, locale, heading, currency, amountMinor, nonce } = view;
  return (
    <FrameLayout
      locale={locale}
      nonce={nonce}
      title={pageTitle(null, view)}
      sheet={view.sheet}
      style={buttonStyle(view.button) + amountStyleOf(view)}
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
        {view.businessName !== null && (
          <SellerHeader businessName={view.businessName} profile={view.profile} strings={strings} />
        )}
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
    </FrameLayout>
  );
}

function amountStyleOf(view: FrameView): string {
  const { amountMinor, currency, locale } = view;
  if (amountMinor === null) return amountChoiceStyle({ view, typed: null, fault: null });
  return amountStyle(':root', [formatMoney({ amountMinor, currency }, locale.tag)]);
}

function ChooseForm({ view }: { view: FrameView }): Child {
  const { strings } = view;
  return (
    <form id="choose" novalidate>
      <AmountChoice view={view} typed={null} fault={null} strings={strings} />
      <p class="error" id="fault" role="alert" hidden />
      <div class="chips" id="readings" hidden />
      <AmountButton view={view} typed={null} fault={null} strings={strings} />
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

/**
 * A page in the widget's frame that takes no payment. `notified`: the origin of the merchant's page that shows the
 * frame, and the reason to post to that page. null: nothing is posted.
 */
export function ClosedFrame(view: {
  readonly locale: Locale;
  readonly nonce: string;
  readonly sheet: string;
  readonly title: string;
  readonly text: string;
  readonly notified: { readonly origin: string; readonly reason: string } | null;
}): PageNode {
  const title = pageTitle(view.title, { heading: null, businessName: null });
  return (
    <FrameLayout locale={view.locale} nonce={view.nonce} title={title} sheet={view.sheet}>
      <main aria-labelledby="title">
        <div class="body">
          <h1 id="title">{view.title}</h1>
          <p class="note">{view.text}</p>
        </div>
      </main>
      {view.notified && <script nonce={view.nonce}>{raw(blockedScript(view.notified))}</script>}
    </FrameLayout>
  );
}

/**
 * A script that posts why the frame takes no payment. Without this message the widget would assume that the frame did
 * not load, and remove it.
 */
function blockedScript({ origin, reason }: { readonly origin: string; readonly reason: string }): string {
  return `parent.postMessage(${scriptJson(messageOf('blocked', { reason }))}, ${scriptJson(origin)})`;
}
