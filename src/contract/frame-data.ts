export interface FrameText {
  readonly title: string;
  readonly text: string;
}

/** The ways on from a state: which of them are offered. */
export type Way = 'retry' | 'receipt' | 'pay-page' | 'close';

/** What the server writes into the page's `#data`. */
export interface FrameData {
  /** The frame's own token. */
  readonly t: string;
  readonly form: string;
  /** Of the merchant's page: the only one that is spoken to. */
  readonly origin: string;
  /** What the merchant's page knows of its buyer. */
  readonly email: string | null;
  readonly reference: string | null;
  /** null: the price is fixed. */
  readonly amount: { readonly empty: string } | null;
  readonly stripeJs: string;
  readonly sessionUrl: string;
  readonly statusUrl: string;
  readonly endUrl: string;
  /** An open session keeps other buyers out. */
  readonly limited: boolean;
  /** With its query: language, reference and e-mail go along. */
  readonly payUrl: string;
  readonly doneUrl: string;
  readonly texts: {
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
  };
}

/** The answer of `POST /api/v1/embed/payments/sessions`. */
export interface EmbeddedSession {
  /** null: this form has been paid already. */
  readonly client_secret: string | null;
  readonly publishable_key: string;
  readonly stripe_account: string;
  readonly session_id: string;
}

/** The answer of `GET /api/v1/embed/payments/status`. */
export interface EmbeddedStatus {
  readonly status: 'confirming' | 'processing' | 'succeeded' | 'failed' | 'expired';
  readonly payment_id: number;
  readonly amount_cents: number;
  readonly currency: string;
  readonly reference: string | null;
}

/** An answer other than 2xx, or none: then the code is `network`. */
export class Refused extends Error {
  readonly code: string;
  constructor(code: string, message = code) {
    super(message);
    this.code = code;
  }
}
