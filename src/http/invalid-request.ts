import { ApiError, type ErrorCode, type Fault, leadingFault } from '../core/errors.ts';

/** One fault in the answer. `path`: the JSON member, for example `metadata.order_id`. `message`: what was expected. */
export interface ErrorDetail {
  readonly path: string;
  readonly code: ErrorCode;
  readonly message: string;
}

/** An answer names at most so many faults, and shortens longer texts, because a body can have thousands. */
const SHOWN_FAULTS = 50;
const SHOWN_CHARACTERS = 500;

/** The JSON names of the fields in the faults of use cases. All other fields are JSON names already. */
const JSON_NAMES: Readonly<Record<string, string>> = {
  amountEditable: 'amount_editable',
  amountMinor: 'amount_cents',
  customerEmail: 'customer_email',
  successUrl: 'success_url',
  cancelUrl: 'cancel_url',
  suggestedAmounts: 'suggested_amounts_cents',
};

/** 400 with all faults of a request, or the first 50 of them. The constructor throws RangeError for an empty list. */
export class InvalidRequest extends ApiError {
  readonly details: readonly ErrorDetail[];

  constructor(all: readonly ErrorDetail[]) {
    const leading = leadingFault(all);
    super(leading.code, shortened(leading.message));
    this.name = 'InvalidRequest';
    const shown = all.length > SHOWN_FAULTS ? [leading, ...all.filter((detail) => detail !== leading)] : all;
    this.details = shown
      .slice(0, SHOWN_FAULTS)
      .map(({ path, code, message }) => ({ path: shortened(path), code, message: shortened(message) }));
  }
}

/** The faults of an error under their JSON names, also of a use case's error. Empty where the input is not the reason. */
export function detailsOf(error: ApiError): readonly ErrorDetail[] {
  if (error instanceof InvalidRequest) return error.details;
  return error.faults.map(toDetail);
}

/** Writes the fault of a use case under its JSON name. */
export function toDetail({ field, code, problem }: Fault): ErrorDetail {
  const path = jsonName(field);
  const named = problem.replace(/\{(\w+)\}/g, (_, name: string) => jsonName(name));
  return { path, code, message: `${path} ${named}`.trimStart() };
}

function jsonName(field: string): string {
  return JSON_NAMES[field] ?? field;
}

function shortened(text: string): string {
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS - 1).toWellFormed()}…` : text;
}
