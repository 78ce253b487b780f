/** The answer of `GET /api/v1/embed/payments/bootstrap`: what the widget shows, and the address of its frame. */
export interface Bootstrap {
  /** Opens the frame for five minutes; `frame_url` has it already. */
  readonly token: string;
  /** Where two digits are to be added: the end of the first form's id. */
  readonly frame_url: string;
  /** The pay page. */
  readonly pay_url: string;
  /** When the token ends, RFC 3339. */
  readonly expires_at: string;
  readonly sandbox: boolean;
  readonly link: {
    readonly id: string;
    readonly title: string;
    /** Integer minor units; null where the buyer chooses. */
    readonly amount_cents: number | null;
    readonly currency: string;
    readonly amount_editable: boolean;
    /** The price as the button shows it, or null. */
    readonly amount_text: string | null;
    /** The whole text of the button. */
    readonly label: string;
    /** null: the seller is not named. */
    readonly business_name: string | null;
  };
  readonly button: { readonly background: string; readonly text: string };
  /** The language of the texts, BCP 47, and its direction. */
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

/** What became of a session. `confirming`: Stripe has not said yet. */
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
