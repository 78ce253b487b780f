/** What the widget shows, and what opens the frame: the answer of `GET /api/v1/embed/payments/bootstrap`. */
export interface Bootstrap {
  /** Good for five minutes. */
  readonly frame_url: string;
  /** The hosted pay page. */
  readonly pay_url: string;
  readonly link: { readonly title: string; readonly label: string };
  readonly button: { readonly background: string; readonly text: string };
  readonly language: string;
  readonly dir: string;
  /** The widget's own words, in `language`. */
  readonly texts: { readonly close: string; readonly continue: string; readonly loading: string };
}

/** Why there is no widget: `code` for programs, `message` for whoever reads the console. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
}

/**
 * Asks for the widget at `base`, and only ever with a public key. To another origin a browser sends no cookies with it, so that
 * nobody is followed from shop to shop. Never rejects.
 */
export async function fetchBootstrap(base: string, query: URLSearchParams): Promise<Bootstrap | Refusal> {
  try {
    if (!/^pk_/.test(query.get('key') ?? '')) throw 0;
    const answer = await fetch(`${base}/api/v1/embed/payments/bootstrap?${query}`);
    const { data, error } = await answer.json();
    return data || error;
  } catch {
    // The answer to a page that is not on the list has no CORS header: the browser hides what it says.
    const message = `${location.origin} or the key is not allowed, or offline`;
    return { code: 'origin_not_allowed', message };
  }
}
