import type { PaymentLink } from '../../../src/db/payment-links.ts';
import { openPage, type Page, pageOf, payPath, sendForm, type Visit, visit } from './pay-page.ts';

type As = Omit<Visit, 'method'>;

/** A buyer's browser on the pages of one link: it keeps the cookies and sends them again. */
export class Buyer {
  readonly #cookies = new Map<string, string>();
  readonly #link: Pick<PaymentLink, 'token'>;
  constructor(link: Pick<PaymentLink, 'token'>, cookies: Readonly<Record<string, string>> = {}) {
    this.#link = link;
    for (const [name, value] of Object.entries(cookies)) this.#cookies.set(name, value);
  }

  get headers(): Record<string, string> {
    return { Cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ') };
  }

  /** The names of the cookies. */
  get cookieNames(): string[] {
    return [...this.#cookies.keys()].sort();
  }

  #keep(headers: Headers): void {
    for (const cookie of headers.getSetCookie()) {
      const [, name = '', value = ''] = /^(\w+)=([^;]*)/.exec(cookie) ?? [];
      if (cookie.includes('Max-Age=0')) this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
  }

  #as({ headers, ...as }: As): As {
    return { ...as, headers: { ...headers, ...this.headers } };
  }

  /** Opens the pay page. */
  async open(as: As = {}): Promise<Page> {
    const page = await openPage(this.#link, this.#as(as));
    this.#keep(page.headers);
    return page;
  }

  /** Sends these fields to the pay page. */
  async post(fields: Readonly<Record<string, string>>, as: As = {}): Promise<Response> {
    const response = await sendForm(this.#link, fields, this.#as(as));
    this.#keep(response.headers);
    return response;
  }

  /** Opens the page, sends its form, and answers where that leads. */
  async send(fields: Readonly<Record<string, string>> = {}): Promise<Response> {
    const page = await this.open();
    return await this.post({ ...page.fields, ...fields });
  }

  /** Opens the page after Checkout. */
  async done(session: string): Promise<Page> {
    const page = await pageOf(
      await visit(`${payPath(this.#link.token)}/done`, this.#as({ query: `?session_id=${session}` })),
    );
    this.#keep(page.headers);
    return page;
  }

  /** Follows a redirect to the pay page. */
  async follow(response: Response, as: As = {}): Promise<Page> {
    return await this.open({ ...as, query: new URL(response.headers.get('Location') ?? '', 'http://x').search });
  }

  /** Sends these fields, whose amount is refused, and follows the redirect to the form. */
  async sendRefused(fields: Readonly<Record<string, string>>, as: As = {}): Promise<Page> {
    const response = await this.post(fields, as);
    const { pathname, searchParams } = new URL(response.headers.get('Location') ?? '', 'http://x');
    const isForm = pathname === payPath(this.#link.token) && searchParams.has('refused') && !searchParams.has('amount');
    if (response.status !== 303 || !isForm) throw new Error(`Not refused: ${response.status} ${pathname}`);
    return await this.follow(response, as);
  }

  /** Comes back from Checkout by its own link. */
  async back() {
    const response = await visit(payPath(this.#link.token), this.#as({ query: '?cancelled=1' }));
    this.#keep(response.headers);
    return { status: response.status, location: response.headers.get('Location'), text: await response.text() };
  }
}
