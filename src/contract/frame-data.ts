/** The text of the frame for one state. */
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

/** The data of the frame's script. The server writes it as JSON into `#data` of the frame's page. */
export interface FrameData {
  /** The token of the frame for the embed API. */
  readonly t: string;
  /** The random id of the first form. */
  readonly form: string;
  /** The origin of the merchant's page. The frame exchanges messages with this origin alone. */
  readonly origin: string;
  /** What the merchant's page knows about its buyer. It is not checked yet: the embed API checks it. */
  readonly email: string | null;
  readonly reference: string | null;
  /** null: the price is fixed, and the checkout starts at once. Else the buyer enters an amount. `empty`: the message without one. */
  readonly amount: { readonly empty: string } | null;
  /** The address of Stripe.js. */
  readonly stripeJs: string;
  readonly sessionUrl: string;
  readonly statusUrl: string;
  readonly endUrl: string;
  /** True: the link takes a limited number of payments, so an open session keeps other buyers out. */
  readonly limited: boolean;
  /** The address of the pay page, with language, reference and e-mail address in its query. */
  readonly payUrl: string;
  /** The address of the receipt, without its `session_id`. */
  readonly doneUrl: string;
  readonly texts: FrameTexts;
}
