/** The answer of `GET /api/v1/embed/payments/bootstrap`: what the widget shows, and the address of its frame. */
export interface Bootstrap {
  /** The token that opens the frame for five minutes. It is a part of `frame_url`. */
  readonly token: string;
  /** The address of the frame without its end: the widget adds two digits, which complete the id of the form. */
  readonly frame_url: string;
  /** The address of the pay page. */
  readonly pay_url: string;
  /** When the token ends, RFC 3339. */
  readonly expires_at: string;
  readonly sandbox: boolean;
  readonly link: {
    readonly id: string;
    readonly title: string;
    /** A fixed price in integer minor units. null: the buyer chooses the amount. */
    readonly amount_cents: number | null;
    readonly currency: string;
    readonly amount_editable: boolean;
    /** The price as the button shows it. null: the buyer chooses the amount. */
    readonly amount_text: string | null;
    /** The whole text of the button. */
    readonly label: string;
    /** null: the seller is not named. */
    readonly business_name: string | null;
  };
  readonly button: { readonly background: string; readonly text: string };
  /** The language of the texts (BCP 47), and its direction in `dir`. */
  readonly language: string;
  readonly dir: string;
  readonly texts: { readonly close: string; readonly continue: string; readonly loading: string };
}

/** The answer of `POST /api/v1/embed/payments/sessions`. */
export interface EmbeddedSession {
  /** null: this form has been paid already. */
  readonly client_secret: string | null;
  readonly publishable_key: string;
  readonly stripe_account: string;
  readonly session_id: string;
  readonly payment_id: number;
}

/** The result of a session. `confirming`: Stripe has not confirmed it yet. */
export type EmbeddedSessionStatus = 'confirming' | 'processing' | 'succeeded' | 'failed' | 'expired';

/** The answer of `GET /api/v1/embed/payments/status`. */
export interface EmbeddedStatus {
  readonly status: EmbeddedSessionStatus;
  readonly payment_id: number;
  /** Integer minor units. */
  readonly amount_cents: number;
  readonly currency: string;
  readonly reference: string | null;
}

/** The answer of `POST /api/v1/embed/payments/sessions/end`. */
export interface EndedSession {
  readonly status: EmbeddedSessionStatus;
}
