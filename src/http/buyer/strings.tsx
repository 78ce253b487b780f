import type { Child } from 'hono/jsx';

/** Why a page takes no payment. */
export type ClosedReason =
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

/** What the page after Checkout says of a payment. */
export type DoneStatus =
  | 'confirming'
  | 'processing'
  | 'paid'
  | 'failed'
  | 'expired'
  | 'refunded'
  | 'partially_refunded';

export interface Message {
  readonly title: string;
  readonly text: string;
}

/** Every text of the pay page and the widget, in one language. `{name}` stands for a value: see `say` and `fill`. */
export interface Strings {
  readonly sandbox: string;
  readonly securePayment: string;
  readonly amount: string;
  /** {amount} */
  readonly pay: string;
  readonly continueToPayment: string;
  readonly chooseAmount: string;
  readonly otherAmount: string;
  /** {amount} */
  readonly atLeast: string;
  readonly cardAtStripe: string;
  /** {business} */
  readonly moneyGoesTo: string;
  readonly moneyGoesToSeller: string;
  readonly scanToPay: string;
  readonly scriptNeeded: string;
  readonly report: string;
  readonly faults: {
    readonly empty: string;
    /** {example} */
    readonly notANumber: string;
    /** {example} */
    readonly ambiguousSeparator: string;
    /** {currency} */
    readonly noDecimals: string;
    /** {currency} {count} */
    readonly tooManyDecimals: string;
    /** {amount} */
    readonly belowMinimum: string;
    /** {amount} */
    readonly aboveMaximum: string;
    /** {amount} */
    readonly notAMultiple: string;
    /** Stripe refuses it and does not say why. */
    readonly notAccepted: string;
  };
  readonly notices: {
    readonly priceChanged: string;
    readonly tryAgain: string;
    readonly slowDown: string;
    readonly cancelled: string;
  };
  readonly closed: Readonly<Record<ClosedReason, Message>>;
  readonly tryAgain: string;
  /** {when}: "in 30 seconds" */
  readonly tryAgainWhen: string;
  readonly openPage: string;
  readonly done: Readonly<Record<DoneStatus, Message>>;
  readonly receipt: {
    readonly amount: string;
    readonly refunded: string;
    readonly subject: string;
    readonly paidTo: string;
    readonly sellerAccount: string;
    readonly when: string;
    readonly reference: string;
    readonly number: string;
  };
  readonly leaving: string;
  /** {business} */
  readonly continueTo: string;
  readonly continueOn: string;
  readonly refresh: string;
  readonly payAgain: string;
  readonly print: string;
  /** Texts of the widget alone. */
  readonly embed: {
    /** The button of a link whose buyer chooses the amount. */
    readonly pay: string;
    readonly loading: string;
    readonly notLoaded: Message;
    readonly continueOnPage: string;
    /** Leads to the pay page, which also has the payment methods that leave the page. */
    readonly moreWays: string;
    readonly changeAmount: string;
    readonly receipt: string;
    readonly close: string;
    readonly over: Message;
  };
}

/** A text with its values filled in, as plain text. A `{name}` without a value is left as it is. */
export function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (name, key: string) => values[key] ?? name);
}

/**
 * A text with its values filled in, as nodes. Each value stands in a `<bdi>`, so that its text direction does not change the
 * text around it. A full stop behind a value that ends in one is left out ("Example Inc."). A `{name}` without a value is
 * left as it is.
 */
export function say(template: string, values: Readonly<Record<string, string>>): Child[] {
  let endsInStop = false;
  return template.split(/(\{\w+\})/).map((part) => {
    const value = part.startsWith('{') ? values[part.slice(1, -1)] : undefined;
    const text = endsInStop && part.startsWith('.') ? part.slice(1) : part;
    endsInStop = value !== undefined && /\.[\u200e\u200f]*$/.test(value);
    return value === undefined ? text : <bdi>{value}</bdi>;
  });
}
