import type { Bootstrap } from '../contract/embed-api.ts';

/** Why the widget shows no button. `code` is for programs, `message` for the console. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
}

/**
 * Requests the texts and addresses of the widget from our server at `base`. Returns a Refusal if the query has no
 * public key, the server refuses, or no answer can be read. Never rejects. A browser sends no cookies with a request to
 * another origin, so no buyer is tracked from shop to shop.
 */
export async function fetchBootstrap(base: string, query: URLSearchParams): Promise<Bootstrap | Refusal> {
  try {
    if (!/^pk_/.test(query.get('key') ?? '')) throw 0;
    const answer = await fetch(`${base}/api/v1/embed/payments/bootstrap?${query}`);
    const { data, error } = await answer.json();
    return data || error;
  } catch {
    // If the origin of this page is not on the key's list, the answer has no CORS header, and the browser hides it.
    const message = `${location.origin} or key not allowed`;
    return { code: 'origin_not_allowed', message };
  }
}
