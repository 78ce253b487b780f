import type { Child } from 'hono/jsx';
import { formatMoney } from '../../core/money/money.ts';
import { AmountButton, AmountChoice, amountChoiceStyle } from '../buyer/amount-choice.tsx';
import type { AmountFault } from '../buyer/amount-input.ts';
import { amountStyle } from '../buyer/amount-style.ts';
import { buttonStyle } from '../buyer/button-colours.ts';
import { CardFoot } from '../buyer/card-foot.tsx';
import {
  Icon,
  type IconName,
  type LinkView,
  MerchantText,
  type PageNode,
  pageTitle,
  SellerHeader,
} from '../buyer/page-parts.tsx';
import { fill, type Strings, say } from '../buyer/strings.tsx';
import type { PaidNotice } from './earlier-payments.ts';
import { FORM_ID } from './language-switch.tsx';
import { Layout, type PageLayout } from './layout.tsx';
import { payPreview } from './preview.tsx';
import type { FormNotice } from './requests.ts';

/** What the pay page shows. Texts of the merchant and the buyer are escaped. */
export interface PayPageView extends PageLayout, LinkView {
  readonly heading: string;
  readonly text: string | null;
  /** The address to which the form is sent. */
  readonly action: string;
  /** The address to which the form is sent to have it in another language. */
  readonly languageAction: string;
  /** The hidden field `operation`: the random id of the form. A double click sends it twice, for one session. */
  readonly form: string;
  /** The hidden field `shown`: the price that the buyer saw. */
  readonly shownPrice: string;
  readonly prefill: {
    /** The hidden fields `email` and `reference`. */
    readonly email: string | null;
    readonly reference: string | null;
    /** More hidden fields, by their names, for example `utm_source`. */
    readonly passthrough: Readonly<Record<string, string>>;
    /** The amount as the buyer typed it, valid or not. */
    readonly amount: string | null;
  };
  readonly fault: { readonly amount: AmountFault | null };
  readonly notice: FormNotice | null;
  readonly turnstile: { readonly siteKey: string } | null;
  /** The address of the QR code on the printed page. A screen does not load it. */
  readonly qrSvgUrl: string;
  /** True: the buyer came back from Checkout without paying. */
  readonly cancelled: boolean;
  /** For how many minutes a place of the link is kept for the buyer. null: the page does not say it. */
  readonly keptMinutes: number | null;
  /** An earlier payment of this buyer, for a notice above the form. The form makes another one. null: there is none. */
  readonly earlier: PaidNotice | null;
}

/** A longer description stands below the button, so that price and button are seen without scrolling. */
const LONG_TEXT_CHARACTERS = 320;
const LONG_TEXT_LINES = 6;
/** A title with more characters has smaller letters. */
const LONG_HEADING_CHARACTERS = 70;

interface PartProps {
  readonly view: PayPageView;
  readonly strings: Strings;
}

/** The pay page: the seller, what the payment is for, the price, and one button. It works without scripts. */
export function PayPage(view: PayPageView): PageNode {
  const { strings } = view;
  const below = view.text !== null && isLong(view.text);
  return (
    <Layout
      page={view}
      title={documentTitle(view)}
      preview={payPreview(view)}
      style={buttonStyle(view.button) + amountStyleOf(view)}
      formAction={view.languageAction}
      script={{ source: view.scripts.form }}
      head={
        view.turnstile && (
          <script nonce={view.nonce} src="https://challenges.cloudflare.com/turnstile/v0/api.js" async defer />
        )
      }
    >
      <SellerHeader businessName={view.businessName} profile={view.profile} strings={strings} />
      <div class="body">
        <Notice view={view} strings={strings} />
        <h1 class={view.heading.length > LONG_HEADING_CHARACTERS ? 'long' : undefined}>
          <bdi>{view.heading}</bdi>
        </h1>
        {view.text !== null && !below && <MerchantText text={view.text} />}
        {view.amountMinor !== null && <Price view={view} strings={strings} />}
        <form method="post" action={view.action} id={FORM_ID} autocomplete="off">
          <HiddenFields view={view} />
          {view.amountMinor === null && <AmountChoice {...choiceOf(view)} />}
          {view.turnstile && <HumanCheck view={view} strings={strings} />}
          {view.amountMinor === null ? (
            <AmountButton {...choiceOf(view)} />
          ) : (
            <button class="pay" type="submit">
              <span>{say(strings.pay, moneyOf(view))}</span>
            </button>
          )}
        </form>
        <PrintedCode view={view} strings={strings} />
        {view.text !== null && below && (
          <div class="more">
            <MerchantText text={view.text} />
          </div>
        )}
      </div>
      <CardFoot profile={view.profile} strings={strings}>
        <Trust view={view} strings={strings} />
      </CardFoot>
    </Layout>
  );
}

function documentTitle(view: PayPageView): string {
  const { titles } = view.strings;
  const title = pageTitle(view.notice === null ? stateOf(view) : null, view);
  return view.fault.amount === null && view.notice === null ? title : fill(titles.error, { title });
}

/** How things stand for a buyer who is here again, for the title. null: the page shows its form as to anyone. */
function stateOf({ cancelled, earlier, strings }: PayPageView): string | null {
  if (cancelled) return strings.titles.notPaid;
  if (earlier === null) return null;
  return earlier.status === 'already_paid' ? strings.closed.already_paid.title : strings.done.processing.title;
}

/** Why the buyer is here again. It has the focus when the page loads, so that a screen reader says it first. */
function Notice({ view, strings }: PartProps): Child {
  const text = noticeText(view, strings);
  if (text !== null) return <NoticeBox view={view}>{text}</NoticeBox>;
  if (view.earlier === null) return null;
  const isPaid = view.earlier.status === 'already_paid';
  return (
    <NoticeBox view={view} icon={isPaid ? 'tick' : 'clock'}>
      {isPaid ? strings.notices.alreadyPaid : strings.notices.processing}{' '}
      <a href={view.earlier.url}>{isPaid ? strings.embed.receipt : strings.showPayment}</a>
    </NoticeBox>
  );
}

interface NoticeBoxProps {
  readonly view: PayPageView;
  readonly icon?: IconName;
  readonly children: Child;
}

function NoticeBox({ view, icon = 'alert', children }: NoticeBoxProps): Child {
  return (
    <p
      class={view.notice === null ? 'notice calm' : 'notice'}
      role="alert"
      tabindex={-1}
      autofocus={view.fault.amount === null}
    >
      <Icon name={icon} size={20} />
      <span>{children}</span>
    </p>
  );
}

function noticeText(view: PayPageView, { notices }: Strings): Child | null {
  const { notice, keptMinutes } = view;
  if (notice === 'price_changed') return notices.priceChanged;
  if (notice === 'try_again') return notices.tryAgain;
  if (notice === 'slow_down') return notices.slowDown;
  if (!view.cancelled) return null;
  if (keptMinutes === null) return notices.cancelled;
  return say(notices.stillOpenFor, { time: minutesText(keptMinutes, view.locale.tag) });
}

/** A duration in the reader's language: "30 minutes". */
function minutesText(minutes: number, tag: string): string {
  return new Intl.NumberFormat(tag, { style: 'unit', unit: 'minute', unitDisplay: 'long' }).format(minutes);
}

function Price({ view, strings }: PartProps): Child {
  return (
    <p class="sum">
      <span class="vh">{strings.amount} </span>
      <bdi>{moneyOf(view).amount}</bdi>
    </p>
  );
}

/** Two lines for the buyer: where the card is entered, and where the money goes. */
function Trust({ view, strings }: PartProps): Child {
  const { businessName } = view;
  return (
    <ul>
      <li>
        <Icon name="lock" size={18} />
        <span>{strings.cardAtStripe}</span>
      </li>
      <li>
        <Icon name="store" size={18} />
        <span>
          {businessName === null ? strings.moneyGoesToSeller : say(strings.moneyGoesTo, { business: businessName })}
        </span>
      </li>
    </ul>
  );
}

function HiddenFields({ view }: { view: PayPageView }): Child {
  const { email, reference, passthrough } = view.prefill;
  const fields = { ...passthrough, email, reference, operation: view.form, shown: view.shownPrice };
  return Object.entries(fields).map(
    ([name, value]) => value !== null && <input type="hidden" name={name} value={value} />,
  );
}

function HumanCheck({ view, strings }: PartProps): Child {
  return (
    <>
      <div
        class="cf-turnstile"
        data-sitekey={view.turnstile?.siteKey}
        // Turnstile has one Portuguese, under the name of the language alone.
        data-language={view.locale.language.slice(0, 2)}
        data-size="flexible"
      />
      <noscript>
        <p class="hint">{strings.scriptNeeded}</p>
      </noscript>
    </>
  );
}

/** The QR code of the printed page. The image is lazy, so a screen does not load it. */
function PrintedCode({ view, strings }: PartProps): Child {
  return (
    <div class="print">
      <img src={view.qrSvgUrl} alt="" loading="lazy" width="224" height="224" />
      <p>{strings.scanToPay}</p>
      {view.canonicalUrl !== null && <p class="hint">{view.canonicalUrl}</p>}
    </div>
  );
}

function choiceOf(view: PayPageView) {
  return { view, typed: view.prefill.amount, fault: view.fault.amount, strings: view.strings };
}

function amountStyleOf(view: PayPageView): string {
  return view.amountMinor === null ? amountChoiceStyle(choiceOf(view)) : amountStyle(':root', [moneyOf(view).amount]);
}

function moneyOf({ amountMinor, currency, locale }: PayPageView): { amount: string } {
  return { amount: formatMoney({ amountMinor: amountMinor ?? 0, currency }, locale.tag) };
}

function isLong(text: string): boolean {
  return text.length > LONG_TEXT_CHARACTERS || text.split('\n').length > LONG_TEXT_LINES;
}
