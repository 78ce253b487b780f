import type { AmountReading } from '../contract/embed-api.ts';
import { ApiError, type ErrorCode, type Fault, leadingFault } from '../core/errors.ts';

/** A fault of a request in an answer. `path`: the JSON member (`metadata.order_id`). `message`: what was expected. */
export interface ErrorDetail {
  readonly path: string;
  readonly code: ErrorCode;
  readonly message: string;
  /** The amounts that the refused one can mean, for the buyer to choose from. Only in the API of the widget. */
  readonly readings?: readonly AmountReading[];
}

/** A body can have thousands of faults: an answer has 50 of them, and shortens texts over 500 characters. */
const SHOWN_FAULTS = 50;
const SHOWN_CHARACTERS = 500;

/** The JSON names of fields that use cases name otherwise. All other fields have the same name in both. */
const JSON_NAMES: Readonly<Record<string, string>> = {
  amountEditable: 'amount_editable',
  amountMinor: 'amount_cents',
  customerEmail: 'customer_email',
  successUrl: 'success_url',
  startOver: 'start_over',
  returnUrl: 'return_url',
  refreshUrl: 'refresh_url',
  cancelUrl: 'cancel_url',
  paymentLinkToken: 'payment_link_token',
  suggestedAmounts: 'suggested_amounts_cents',
};

/** The 400 with the faults of a request, at most 50. The constructor throws RangeError for an empty list. */
export class InvalidRequest extends ApiError {
  readonly details: readonly ErrorDetail[];

  constructor(all: readonly ErrorDetail[]) {
    const leading = leadingFault(all);
    super(leading.code, shortened(leading.message));
    this.name = 'InvalidRequest';
    const shown = all.length > SHOWN_FAULTS ? [leading, ...all.filter((detail) => detail !== leading)] : all;
    this.details = shown
      .slice(0, SHOWN_FAULTS)
      .map((detail) => ({ ...detail, path: shortened(detail.path), message: shortened(detail.message) }));
  }
}

/** The faults of an error, with the JSON names of the fields. Empty if the error is not about the input. */
export function detailsOf(error: ApiError): readonly ErrorDetail[] {
  if (error instanceof InvalidRequest) return error.details;
  return error.faults.map(toDetail);
}

/** Turns a fault that a use case has found into one with the JSON names of the fields. */
export function toDetail({ field, code, problem }: Fault): ErrorDetail {
  const path = jsonName(field);
  const named = problem.replace(/\{(\w+)\}/g, (_, name: string) => jsonName(name));
  return { path, code, message: `${path} ${named}`.trimStart() };
}

/** A message of a use case, with the JSON names of the members that it writes in braces. Other braces stay. */
export function withJsonNames(message: string): string {
  return message.replace(/\{(\w+)\}/g, (braced, name: string) => JSON_NAMES[name] ?? braced);
}

function jsonName(field: string): string {
  return JSON_NAMES[field] ?? field;
}

function shortened(text: string): string {
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS - 1).toWellFormed()}…` : text;
}
