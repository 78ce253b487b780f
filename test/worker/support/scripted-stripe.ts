import { vi } from 'vitest';
import { SIMULATED } from '../../support/simulated.ts';

/** An error as Stripe writes it (docs.stripe.com/api/errors). */
export interface StripeError {
  readonly status: number;
  readonly type?: string;
  readonly code?: string;
  readonly param?: string;
  readonly message?: string;
}

/**
 * Until `vi.restoreAllMocks`, what the Worker asks of Stripe's API goes through `answer`; `real` passes it on to the
 * simulator. For calls with bindings of their own (`callWith`): a Stripe client keeps the `fetch` it was made with.
 */
export function stripeOf(
  answer: (request: Request, real: (request: Request) => Promise<Response>) => Promise<Response>,
): void {
  const real = globalThis.fetch;
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const request = new Request(input, init);
    const isApi = request.url.startsWith(`${SIMULATED.stripeUrl}/v1/`);
    return isApi ? await answer(request, (passed) => real(passed)) : await real(request);
  });
}

export function stripeErrorAnswer({
  status,
  type = 'invalid_request_error',
  code,
  param,
  message = 'x',
}: StripeError): Response {
  const headers = { 'Request-Id': 'req_scripted' };
  // JSON leaves out what is undefined.
  return Response.json({ error: { type, message, code, param } }, { status, headers });
}
