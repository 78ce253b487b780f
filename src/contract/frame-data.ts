/** A title and a text that the frame shows, for example when a payment has failed. */
export interface FrameText {
  readonly title: string;
  readonly text: string;
}

/** The texts that the frame's script shows, in the buyer's language. */
export interface FrameTexts {
  readonly loading: string;
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
  readonly statusUrl: string;
  readonly endUrl: string;
  /** True if the link takes a limited number of payments. Then an open session holds one of the link's places. */
  readonly limited: boolean;
  /** The address of the pay page, with language and reference in its query. */
  readonly payUrl: string;
  /** The address of the receipt. The script adds `session_id` to its query. */
  readonly doneUrl: string;
  readonly texts: FrameTexts;
}
