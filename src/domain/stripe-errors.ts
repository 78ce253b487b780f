import { ApiError, type ErrorCode, inputError, unavailable } from '../core/errors.ts';
import { StripeFailure } from '../stripe/gateway.ts';

/** A key in a message of Stripe, which masks only a part of it. */
const KEY = /\b[prs]k_(test|live)_\S+/g;

/**
 * The API error that the caller gets for a failed call to Stripe. Stripe's own message is only logged, except for the
 * merchant's own settings: only the merchant can change those, and only Stripe's sentence says which.
 */
function toApiError(failure: StripeFailure): ApiError {
  switch (failure.kind) {
    case 'unavailable':
    case 'rate_limited':
    case 'in_progress':
    case 'idempotency_mismatch':
      return unavailable('Stripe cannot be reached right now. Send the same request again in a few seconds.', failure);
    case 'account_lost':
      return new ApiError(
        'CONNECT_ACCOUNT_NOT_READY',
        'Stripe no longer lets this account take charges. Reconnect it or finish its onboarding at Stripe.',
        { cause: failure },
      );
    case 'charges_lost':
    case 'account_settings': {
      const message = `Stripe refuses payments for this account: ${failure.message.replace(KEY, '…')}`;
      return new ApiError('CONNECT_ACCOUNT_NOT_READY', message, { cause: failure });
    }
    case 'invalid_amount':
      return faultOf('amountMinor', 'invalid_amount', 'is outside what Stripe accepts for this account and currency.');
    case 'invalid_country':
      return faultOf(
        'country',
        'validation_failed',
        'is not a country in which Stripe opens accounts for this service.',
      );
    case 'invalid_email':
      return faultOf('customerEmail', 'validation_failed', 'is not an e-mail address that Stripe accepts.');
    case 'invalid_url':
      return faultOf('successUrl', 'invalid_url', 'or {cancelUrl} is not a URL that Stripe accepts.');
    case 'refund_too_large':
      return faultOf('amountMinor', 'invalid_amount', 'is more than Stripe says is left of this payment.');
    case 'not_refundable':
      return new ApiError(
        'payment_not_refundable',
        'Stripe does not refund this payment: all of it was given back already, or the buyer disputes it.',
        { cause: failure },
      );
    case 'balance_insufficient':
      return new ApiError(
        'payment_not_refundable',
        'The balance of the connected Stripe account does not cover this refund. Add funds at Stripe, then try again.',
        { cause: failure },
      );
    case 'not_found':
    case 'session_not_open':
    case 'misconfigured':
    case 'account_refused':
      return new ApiError('stripe_error', 'Stripe refused this request. Ask the operators of this service.', {
        cause: failure,
      });
  }
}

function faultOf(field: string, code: ErrorCode, problem: string): ApiError {
  return inputError([{ field, code, problem }]);
}

/** The API error that the caller gets for a failed call to Stripe; null if `error` is no StripeFailure. */
export function stripeErrorOf(error: unknown): ApiError | null {
  return error instanceof StripeFailure ? toApiError(error) : null;
}

/** Runs a call to Stripe. Throws a StripeFailure as the API error for the caller, and any other error as it is. */
export async function askingStripe<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw stripeErrorOf(error) ?? error;
  }
}
