import { type Bootstrap, fetchBootstrap, type Refusal } from './bootstrap.ts';
import { type Checkout, createCheckout } from './checkout.ts';
import { make, makeSheet } from './make.ts';
import { STYLE } from './style.ts';

/** One line in the console: what is missing, and why. */
export function warn(text: unknown): void {
  console.warn(`[Softsolz] ${text}`);
}

/** `<softsolz-pay public-key="pk_…" token="lnk_…" lang="de">`: a button and its checkout, in a shadow root. */
export class PayElement extends HTMLElement {
  static observedAttributes = ['public-key', 'token', 'lang', 'reference', 'email'] as const;
  /** Where our pages are: the origin of the loader's own address. */
  static base = '';

  #root = this.attachShadow({ mode: 'open' });
  #checkout: Checkout | undefined;
  #turn = 0;
  #fire = (name: string, detail = {}) => {
    this.dispatchEvent(new CustomEvent(`softsolz:${name}`, { bubbles: true, composed: true, detail }));
  };

  connectedCallback(): void {
    // A framework may set attributes at any time: what a buyer is at, or has not seen the end of, comes to its end first.
    if (this.#checkout?.dialog.matches('[open],.late,.told')) {
      setTimeout(() => this.connectedCallback(), 1_000);
      return;
    }
    this.disconnectedCallback();
    this.#start(this.#turn).catch(warn);
  }

  attributeChangedCallback(_name: string, before: string | null, now: string | null): void {
    if (before !== now) this.connectedCallback();
  }

  disconnectedCallback(): void {
    this.#turn++;
    this.#checkout?.remove();
    this.#checkout = undefined;
    this.#root.textContent = '';
  }

  /** Opens the checkout, as a press of the button does; as soon as there is a button. */
  open(): void {
    if (this.#checkout) this.#checkout.open();
    else this.addEventListener('softsolz:ready', this.open, { once: true });
  }

  /** Closes the checkout, unless a payment is being confirmed. */
  close(): void {
    this.#checkout?.close();
  }

  /** Takes the button away. */
  destroy(): void {
    this.remove();
  }

  async #start(turn: number): Promise<void> {
    // Attributes come one by one: the last of them starts.
    await null;
    if (turn !== this.#turn || !this.isConnected) return;
    const query = new URLSearchParams(
      PayElement.observedAttributes.map((name) => [name.replace('public-', ''), this.getAttribute(name) ?? '']),
    );
    const renew = () => fetchBootstrap(PayElement.base, query);
    const answer = await renew();
    if (turn !== this.#turn) return;
    if ('link' in answer) return this.#show(answer, renew);
    warn(`${answer.code}: ${answer.message}`);
    this.#fire('blocked', { reason: answer.code });
  }

  #show(bootstrap: Bootstrap, renew: () => Promise<Bootstrap | Refusal>): void {
    const { link, button, language: lang, dir } = bootstrap;
    const fire = this.#fire;
    const checkout = createCheckout({ fire, renew }, bootstrap);
    const press = () => {
      // A browser that focuses no pressed button would not know where to return to.
      pay.focus();
      checkout.open();
    };
    const pay = make('button', { onclick: press }, make('bdi', {}, link.title), link.label);
    const box = make('div', { lang, dir }, pay, checkout.dialog);
    box.style = `--b:${button.background};--t:${button.text}`;
    this.#root.adoptedStyleSheets = [makeSheet(STYLE)];
    this.#root.append(box);
    this.#checkout = checkout;
    fire('ready');
  }
}
