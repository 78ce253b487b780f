import type { AmountFault } from '../buyer/amount-input.ts';
import type { Locale } from '../buyer/locale.ts';
import type { Strings } from '../buyer/strings.tsx';

/** What every page of a payment link needs around its content. */
export interface PageFrame {
  readonly locale: Locale;
  /** The texts of the locale's language. */
  readonly strings: Strings;
  readonly sandbox: boolean;
  /** Where a buyer reports the page, shown in the footer. */
  readonly reportUrl: string | null;
  /** Of the response's Content-Security-Policy: on the one `<style>` and the one `<script>` of a page. */
  readonly nonce: string;
  /** Of the browser tab and of the link's preview. */
  readonly title: string;
  readonly description: string | null;
  readonly canonicalUrl: string | null;
  /** Absolute: the picture of the link's preview. */
  readonly qrPngUrl: string | null;
}

/** The page with the pay button. All texts are the merchant's or the buyer's own: shown as text, whatever is in them. */
export interface PayPageView extends PageFrame {
  readonly kind: 'pay';
  /** Null: the workspace is named nowhere; the page speaks of "the seller's own Stripe account". */
  readonly businessName: string | null;
  readonly heading: string;
  readonly text: string | null;
  readonly currency: string;
  /** Integer minor units of a fixed price; null where the buyer chooses. */
  readonly amountMinor: number | null;
  readonly minAmountMinor: number | null;
  readonly suggestedAmountsMinor: readonly number[];
  /** `#rgb` or `#rrggbb`; anything else is passed over. */
  readonly button: { readonly background: string | null; readonly text: string | null };
  readonly action: string;
  /** Hidden field `operation`: a double click or a reload is one session. */
  readonly operation: string;
  /** Hidden field `shown`: the price the buyer saw. */
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

/** A page that takes no payment, and says why. */
export interface ClosedPageView extends PageFrame {
  readonly kind: 'closed';
  readonly reason:
    | 'not_found'
    | 'inactive'
    | 'expired'
    | 'sold_out'
    | 'sold_out_held'
    | 'not_ready'
    | 'slow_down'
    | 'unavailable'
    | 'done_unavailable'
    | 'refused'
    | 'wrong_method';
  readonly businessName: string | null;
  /** The link's title. */
  readonly heading: string | null;
  /** The merchant's own words, in place of ours. */
  readonly message: string | null;
  /** Where another try, or the page itself, is. */
  readonly retryUrl: string | null;
  /** Of a payment that cannot be shown: polled, and `retryUrl` is loaded once it answers. */
  readonly statusUrl: string | null;
  readonly retryAfterSeconds: number | null;
}

/** Where the buyer lands after Checkout: confirming, then the receipt. */
export interface DonePageView extends PageFrame {
  readonly kind: 'done';
  readonly status: 'confirming' | 'processing' | 'paid' | 'failed' | 'expired' | 'refunded' | 'partially_refunded';
  readonly businessName: string | null;
  readonly heading: string;
  /** Integer minor units. */
  readonly amountMinor: number;
  /** Integer minor units: what goes back, or has gone. */
  readonly refundedMinor: number;
  readonly currency: string;
  /** Unix milliseconds. */
  readonly paidAt: number | null;
  readonly receiptNumber: string;
  readonly reference: string | null;
  /** This page again. */
  readonly refreshUrl: string;
  /** Answers `{"data":{"status","continue_url"?}}`; polled while confirming. */
  readonly statusUrl: string;
  /** The merchant's signed `success_url`. */
  readonly continueUrl: string | null;
  /** Paid, but the merchant is still being told: the page polls until `continue_url` is answered, and goes there. */
  readonly awaitsContinue?: boolean;
  readonly payUrl: string;
}
