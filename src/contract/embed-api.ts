/** The answer of `GET /api/v1/embed/payments/bootstrap`: what the widget shows, and its addresses. */
export interface Bootstrap {
  /** The signed token with which the frame may be opened for five minutes. It is also in `frame_url`. */
  readonly token: string;
  /** The address of the frame, which ends with a form's id without its last two digits. The widget adds these. */
  readonly frame_url: string;
  /** The address of the pay page. */
  readonly pay_url: string;
  /** When `token` can no longer open the frame, RFC 3339. */
  readonly expires_at: string;
  readonly sandbox: boolean;
  readonly link: {
    readonly id: string;
    readonly title: string;
    /** The fixed price in integer minor units. null if the buyer chooses the amount. */
    readonly amount_cents: number | null;
    readonly currency: string;
    readonly amount_editable: boolean;
    /** The price as the button shows it. null if the buyer chooses the amount. */
    readonly amount_text: string | null;
    /** The whole text of the button. */
    readonly label: string;
    /** The name of the seller. null if the link does not show it. */
    readonly business_name: string | null;
  };
  readonly button: { readonly background: string; readonly text: string };
  /** The language of the texts (BCP 47). `dir` is its text direction, `ltr` or `rtl`. */
  readonly language: string;
  readonly dir: string;
  readonly texts: { readonly close: string; readonly continue: string; readonly loading: string };
}

/** The answer of `POST /api/v1/embed/payments/sessions`. */
export interface EmbeddedSession {
  /** The secret with which Stripe.js shows the session. null if this form was paid already. */
  readonly client_secret: string | null;
  readonly publishable_key: string;
  readonly stripe_account: string;
  readonly session_id: string;
  readonly payment_id: number;
}

/**
 * An amount that an unclear text can mean. If `POST /api/v1/embed/payments/sessions` refuses "1.000", the only entry of
 * `details` in the error has `readings`: the amounts of this kind that can be paid, one or two.
 */
export interface AmountReading {
  /** Integer minor units. */
  readonly amount_cents: number;
  /** The amount to show, with its currency. */
  readonly text: string;
  /** The amount to send as `amount` in the next request. It can be read in only one way. */
  readonly amount: string;
}

/** The result of a checkout session. `confirming`: Stripe has not confirmed the payment yet. */
export type EmbeddedSessionStatus = 'confirming' | 'processing' | 'succeeded' | 'failed' | 'expired';

/** The answer of `GET /api/v1/embed/payments/status`. */
export interface EmbeddedStatus {
  readonly status: EmbeddedSessionStatus;
  readonly payment_id: number;
  /** Integer minor units. */
  readonly amount_cents: number;
  readonly currency: string;
  /** The amount in the language of the request, for example `£10.00`. */
  readonly amount_text: string;
  readonly reference: string | null;
}

/** The answer of `POST /api/v1/embed/payments/sessions/end`. */
export interface EndedSession {
  readonly status: EmbeddedSessionStatus;
}
