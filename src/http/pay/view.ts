import type { AmountFault } from '../buyer/amount-input.ts';
import type { ClosedReason, DoneStatus } from '../buyer/strings.tsx';
import type { PageLayout } from './layout.tsx';

/** The page with the pay button. Its texts come from the merchant or the buyer, and are shown as text whatever is in them. */
export interface PayPageView extends PageLayout {
  /** Null: the seller is not named; the page says "the seller's own Stripe account". */
  readonly businessName: string | null;
  readonly heading: string;
  readonly text: string | null;
  readonly currency: string;
  /** Integer minor units of a fixed price; null where the buyer chooses. */
  readonly amountMinor: number | null;
  readonly minAmountMinor: number | null;
  readonly suggestedAmountsMinor: readonly number[];
  /** `#rgb` or `#rrggbb`; anything else is ignored. */
  readonly button: { readonly background: string | null; readonly text: string | null };
  readonly action: string;
  /** Hidden field `operation`: the form's random id, so that a double click or a reload is one session. */
  readonly form: string;
  /** Hidden field `shown`: the price that the buyer saw. */
  readonly shownPrice: string;
  readonly prefill: {
    /** Hidden fields `email` and `reference`. */
    readonly email: string | null;
    readonly reference: string | null;
    /** Hidden fields by name, for example `utm_source`. */
    readonly passthrough: Readonly<Record<string, string>>;
    /** As the buyer typed it, faulty or not. */
    readonly amount: string | null;
  };
  readonly fault: { readonly amount: AmountFault | null };
  readonly notice: 'price_changed' | 'try_again' | 'slow_down' | null;
  readonly turnstile: { readonly siteKey: string } | null;
  /** Only on the print sheet; not fetched on a screen. */
  readonly qrSvgUrl: string;
  /** The buyer came back from Checkout without paying. */
  readonly cancelled: boolean;
}

/** A page that takes no payment and says why. */
export interface ClosedPageView extends PageLayout {
  readonly reason: ClosedReason;
  readonly businessName: string | null;
  /** The link's title. */
  readonly heading: string | null;
  /** The merchant's own words, instead of ours. */
  readonly message: string | null;
  /** Where to try again, or to open the page itself. */
  readonly retryUrl: string | null;
  /** For a payment that cannot be shown now: the page asks here, and loads `retryUrl` once it is answered. */
  readonly statusUrl: string | null;
  readonly retryAfterSeconds: number | null;
}

/** The page that Checkout sends the buyer to: first "confirming", then the receipt. */
export interface DonePageView extends PageLayout {
  readonly status: DoneStatus;
  readonly businessName: string | null;
  readonly heading: string;
  /** Integer minor units. */
  readonly amountMinor: number;
  /** Integer minor units that go back to the buyer, or have gone back. */
  readonly refundedMinor: number;
  readonly currency: string;
  /** Unix milliseconds. */
  readonly paidAt: number | null;
  readonly receiptNumber: string;
  readonly reference: string | null;
  /** This page again. */
  readonly refreshUrl: string;
  /** Answers `{"data":{"status","continue_url"?}}`. The page asks here while it waits. */
  readonly statusUrl: string;
  /** The merchant's signed `success_url`. */
  readonly continueUrl: string | null;
  /** Paid, but the merchant's webhook is not delivered yet: the page asks until `continue_url` is answered, and goes there. */
  readonly awaitsContinue?: boolean;
  readonly payUrl: string;
}
