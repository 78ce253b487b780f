import type { Child } from 'hono/jsx';
import type { ClosedPageView, DonePageView } from '../pay/view.ts';

interface Message {
  readonly title: string;
  readonly text: string;
}

/** Every text of the pay pages, in one language. `{name}` stands for a value, which `say` puts in. */
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
    /** By Stripe, for reasons it keeps to itself. */
    readonly notAccepted: string;
  };
  readonly notices: {
    readonly priceChanged: string;
    readonly tryAgain: string;
    readonly slowDown: string;
    readonly cancelled: string;
  };
  readonly closed: Readonly<Record<ClosedPageView['reason'], Message>>;
  readonly tryAgain: string;
  /** {when}: "in 30 seconds" */
  readonly tryAgainWhen: string;
  readonly openPage: string;
  readonly done: Readonly<Record<DonePageView['status'], Message>>;
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
  /** What only the widget says, on a merchant's page. */
  readonly embed: {
    /** On the button, where the buyer chooses the amount. */
    readonly pay: string;
    readonly loading: string;
    readonly notLoaded: Message;
    readonly continueOnPage: string;
    /** To the hosted page, which has the payment methods that leave it, too. */
    readonly moreWays: string;
    readonly changeAmount: string;
    readonly receipt: string;
    readonly close: string;
    readonly over: Message;
  };
}

/** A text with its values in place, as plain text: for where no markup can stand. */
export function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (name, key: string) => values[key] ?? name);
}

/**
 * A text with its values in place, as nodes: each value stands in a `<bdi>`, so that its direction and whatever is in
 * it stay its own. A full stop behind a value that ends in one is left out ("Example Inc."). A `{name}` without a value
 * is left as it is.
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
