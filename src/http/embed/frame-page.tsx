import { raw } from 'hono/html';
import type { Child } from 'hono/jsx';
import type { FrameData, FrameIcon, FrameText } from '../../contract/frame-data.ts';
import { messageOf } from '../../contract/messages.ts';
import { AmountButton, AmountChoice, amountChoiceStyle } from '../buyer/amount-choice.tsx';
import { AmountRow } from '../buyer/amount-row.tsx';
import { buttonStyle } from '../buyer/button-colours.ts';
import { CardFoot } from '../buyer/card-foot.tsx';
import type { Locale } from '../buyer/locale.ts';
import {
  Icon,
  type IconName,
  type LinkView,
  MerchantText,
  type PageNode,
  pageTitle,
  SellerHeader,
} from '../buyer/page-parts.tsx';
import type { Strings } from '../buyer/strings.tsx';
import { FrameLayout, scriptJson } from './frame-layout.tsx';
import type { Theme } from './theme.ts';

interface FrameView extends LinkView {
  readonly locale: Locale;
  readonly strings: Strings;
  readonly nonce: string;
  readonly sheet: string;
  readonly theme: Theme;
  readonly sandbox: boolean;
  /** The merchant's own text for a link that takes no more payments. null: our text is shown. */
  readonly message: string | null;
  readonly data: FrameData;
  /** The text of the frame's script. '': the text could not be read, so the browser loads the script as a file. */
  readonly script: string;
}

/**
 * The page in the widget's frame. Its script shows and hides the elements: `#choose` asks for the amount, `#chosen` leads
 * back to it, `#checkout` holds Stripe's form, `#elsewhere` leads to the pay page, and `#state` says how the payment
 * stands. `#message` is the merchant's text for a link that is closed meanwhile. Beside Stripe's form, which shows title
 * and price itself, the title is only for screen readers.
 */
export function FramePage(view: FrameView): PageNode {
  const { strings, data, locale, heading, nonce } = view;
  const isOpen = view.amountMinor === null;
  return (
    <FrameLayout
      locale={locale}
      nonce={nonce}
      title={pageTitle(null, view)}
      sheet={view.sheet}
      theme={view.theme}
      style={buttonStyle(view.button) + (isOpen ? amountChoiceStyle({ view, typed: null, fault: null }) : '')}
      head={
        <>
          {!isOpen && <link rel="preload" as="script" href={data.stripeJs} />}
          <script type="application/json" id="data">
            {raw(scriptJson(data))}
          </script>
        </>
      }
    >
      <main aria-labelledby="title">
        <Top seller={view} strings={strings} />
        <h1 id="title" class={isOpen ? undefined : 'vh'}>
          <bdi>{heading}</bdi>
        </h1>
        {isOpen && (
          <>
            <ChooseForm view={view} />
            <p class="aside" id="chosen" hidden>
              <button type="button">{strings.embed.changeAmount}</button>
            </p>
          </>
        )}
        <State strings={strings} heading={heading} payUrl={data.payUrl} hidden={isOpen} />
        {view.message !== null && (
          <template id="message">
            <MerchantText text={view.message} />
          </template>
        )}
        <div id="checkout" />
        <p class="aside" id="elsewhere" hidden>
          <a href={data.payUrl} target="_blank" rel="noopener">
            {strings.embed.moreWays}
          </a>
        </p>
        <CardFoot profile={view.profile} strings={strings} />
      </main>
      {view.script === '' ? <script src="/embed/frame.js" /> : <script nonce={nonce}>{raw(view.script)}</script>}
    </FrameLayout>
  );
}

type TopSeller = Pick<LinkView, 'businessName' | 'profile'> & { readonly sandbox: boolean };

/** The line beside the dialog's close button: the seller, and that this is a sandbox. */
function Top({ seller, subject, strings }: { seller: TopSeller; subject?: string; strings: Strings }): Child {
  const { businessName, profile, sandbox } = seller;
  return (
    <div class="top">
      <SellerHeader businessName={businessName} profile={profile} subject={subject} strings={strings} />
      {sandbox && <p class="test">{strings.sandbox}</p>}
    </div>
  );
}

function ChooseForm({ view }: { view: FrameView }): Child {
  const { strings } = view;
  return (
    <form id="choose" class="body" novalidate>
      <AmountChoice view={view} typed={null} fault={null} strings={strings} />
      <p class="error" id="fault" role="alert" hidden />
      <div class="chips" id="readings" hidden />
      <AmountButton view={view} typed={null} fault={null} strings={strings} />
    </form>
  );
}

interface StateProps {
  readonly strings: Strings;
  readonly heading: string;
  readonly payUrl: string;
  readonly hidden: boolean;
}

function State({ strings, heading, payUrl, hidden }: StateProps): Child {
  const { embed, receipt, tryAgain } = strings;
  return (
    <section id="state" class="body" role="status" tabindex={-1} data-icon="loading" hidden={hidden}>
      <Badges shown="loading" />
      <h2>{embed.loading}</h2>
      <p class="note" />
      <dl id="paid" hidden>
        <AmountRow name={receipt.amount} amount="" look="total" />
        <dt>{receipt.subject}</dt>
        <dd>
          <bdi>{heading}</bdi>
        </dd>
      </dl>
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

/** The icons beside the texts, as on the pay page. */
const BADGES: readonly { readonly icon: FrameIcon; readonly look: string; readonly name: IconName | null }[] = [
  { icon: 'loading', look: 'badge wait', name: null },
  { icon: 'confirming', look: 'badge wait', name: 'clock' },
  { icon: 'tick', look: 'badge good', name: 'tick' },
  { icon: 'clock', look: 'badge', name: 'clock' },
  { icon: 'alert', look: 'badge', name: 'alert' },
  { icon: 'pause', look: 'badge', name: 'pause' },
];

/** All icons, of which `shown` is visible. The frame's script shows another one. */
function Badges({ shown }: { shown: FrameIcon }): Child {
  return BADGES.map(({ icon, look, name }) => (
    <div class={look} data-icon={icon} hidden={icon !== shown}>
      {name && <Icon name={name} size={28} />}
    </div>
  ));
}

/** What a closed frame shows of the payment link and its seller. */
export type ClosedSeller = TopSeller & Pick<LinkView, 'heading'>;

/**
 * A page in the widget's frame that takes no payment. `message`: the merchant's own text, or null for ours. `seller`:
 * null if no link is known. `notified`: the origin of the merchant's page that shows the frame, and the reason to post to
 * that page. null: nothing is posted.
 */
export function ClosedFrame(view: {
  readonly locale: Locale;
  readonly strings: Strings;
  readonly nonce: string;
  readonly sheet: string;
  readonly theme: Theme;
  readonly text: FrameText;
  readonly message: string | null;
  readonly seller: ClosedSeller | null;
  readonly notified: { readonly origin: string; readonly reason: string } | null;
}): PageNode {
  const { icon, title, text } = view.text;
  const { locale, strings, nonce, sheet, theme, message, seller } = view;
  const named = seller ?? { heading: null, businessName: null };
  return (
    <FrameLayout {...{ locale, nonce, sheet, theme }} title={pageTitle(title, named)}>
      <main aria-labelledby="title">
        {seller && <Top seller={seller} subject={seller.heading} strings={strings} />}
        <div class="body">
          <Badges shown={icon} />
          <h1 id="title">{title}</h1>
          {message === null ? <p class="note">{text}</p> : <MerchantText text={message} />}
        </div>
        {seller && <CardFoot profile={seller.profile} strings={strings} />}
      </main>
      {view.notified && <script nonce={view.nonce}>{raw(blockedScript(view.notified))}</script>}
    </FrameLayout>
  );
}

/**
 * A script that posts why the frame takes no payment, and the height and title of its page. Without the first message the
 * widget would assume that the frame did not load, and remove it.
 */
function blockedScript({ origin, reason }: { readonly origin: string; readonly reason: string }): string {
  const { source, type } = messageOf('resize');
  const size = `{"height":document.body.offsetHeight,"title":document.title}`;
  const messages = [
    scriptJson(messageOf('blocked', { reason })),
    `{...${scriptJson({ source, type })},"data":${size}}`,
  ];
  return messages.map((message) => `parent.postMessage(${message},${scriptJson(origin)});`).join('');
}
