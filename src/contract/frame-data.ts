/** The icon beside a text. `loading` and `confirming` turn. */
export type FrameIcon = 'loading' | 'confirming' | 'tick' | 'clock' | 'alert' | 'pause';

/** An icon, a title and a text that the frame shows, for example when a payment has failed. */
export interface FrameText {
  readonly icon: FrameIcon;
  readonly title: string;
  readonly text: string;
  /** What the title of the document says of this state, if it is shorter than `title`. */
  readonly short?: string;
}

/** The texts that the frame's script shows, in the buyer's language. */
export interface FrameTexts {
  readonly loading: FrameText;
  readonly confirming: FrameText;
  readonly processing: FrameText;
  readonly succeeded: FrameText;
  readonly failed: FrameText;
  readonly expired: FrameText;
  readonly over: FrameText;
  readonly notLoaded: FrameText;
  readonly inactive: FrameText;
  readonly soldOut: FrameText;
  readonly soldOutHeld: FrameText;
  readonly notReady: FrameText;
  readonly slowDown: FrameText;
  readonly unavailable: FrameText;
}

/** The data for the frame's script. The server writes it as JSON into the element `#data` of the page. */
export interface FrameData {
  /** The signed token that the frame sends with its requests to the embed API. */
  readonly t: string;
  /** The random id of the frame's first form. */
  readonly form: string;
  /** The origin of the merchant's page. The frame exchanges messages with this origin alone. */
  readonly origin: string;
  readonly reference: string | null;
  /** null: the price is fixed, and the checkout starts at once. `empty`: the message if no amount is entered. */
  readonly amount: { readonly empty: string } | null;
  /** The address of Stripe.js. */
  readonly stripeJs: string;
  readonly sessionUrl: string;
  /** The address of the session's status, with the language in its query. The script adds `t` and `session_id`. */
  readonly statusUrl: string;
  readonly endUrl: string;
  /** True if the link takes a limited number of payments. Then an open session holds one of the link's places. */
  readonly limited: boolean;
  /** The address of the pay page, with language and reference in its query. */
  readonly payUrl: string;
  /** The address of the receipt, with the language in its query. The script adds `session_id`. */
  readonly doneUrl: string;
  readonly texts: FrameTexts;
}
