import type { Bootstrap } from '../contract/embed-api.ts';
import { fetchBootstrap, type Refusal } from './bootstrap.ts';
import { type Checkout, createCheckout } from './checkout.ts';
import { make, makeSheet } from './dom.ts';
import { STYLE } from './style.ts';

/** Writes a warning of the widget to the console, as one line. */
export function warn(text: unknown): void {
  console.warn(`[Softsolz] ${text}`);
}

/** `<softsolz-pay public-key="pk_…" token="lnk_…" theme="dark">`: a button and its checkout, in a shadow root. */
export class PayElement extends HTMLElement {
  static observedAttributes = ['public-key', 'token', 'lang', 'reference', 'email', 'theme'] as const;
  /** The origin of our server, from the address of the loader's script. */
  static base = '';

  #root = this.attachShadow({ mode: 'open' });
  #checkout: Checkout | undefined;
  #turn = 0;
  #fire = (name: string, detail = {}) => {
    this.dispatchEvent(new CustomEvent(`softsolz:${name}`, { bubbles: true, composed: true, detail }));
  };

  connectedCallback(): void {
    // A framework may set attributes at any time. A checkout that is open, or whose result was not shown yet, is kept,
    // and the change waits.
    if (this.#checkout?.dialog.matches('[open],.late,.result')) {
      setTimeout(() => this.connectedCallback(), 1_000);
      return;
    }
    this.disconnectedCallback();
    this.#start(this.#turn).catch(warn);
  }

  attributeChangedCallback(name: string, before: string | null, now: string | null): void {
    if (before === now) return;
    // Another theme makes no new button: the dialog has it when it opens the next time.
    if (name !== 'theme') this.connectedCallback();
    else if (now && !/^(light|dark|auto)$/.test(now)) warn(`unknown theme "${now}"`);
  }

  disconnectedCallback(): void {
    this.#turn++;
    this.#checkout?.remove();
    this.#checkout = undefined;
    this.#root.textContent = '';
  }

  /** Opens the checkout, as a press on the button does. If there is no button yet, waits until there is one. */
  open(): void {
    if (this.#checkout) this.#checkout.open();
    else this.addEventListener('softsolz:ready', this.open, { once: true });
  }

  /** Closes the checkout, unless a payment is being confirmed. */
  close(): void {
    this.#checkout?.close();
  }

  /** Removes the button and its checkout. */
  destroy(): void {
    this.remove();
  }

  async #start(turn: number): Promise<void> {
    // Attributes are set one after the other. After this wait only the last change starts.
    await null;
    if (turn !== this.#turn || !this.isConnected) return;
    // Neither the theme nor the e-mail address: addresses are logged.
    const query = new URLSearchParams(
      PayElement.observedAttributes
        .slice(0, 4)
        .map((name) => [name.replace('public-', ''), this.getAttribute(name) ?? '']),
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
    const checkout = createCheckout(
      { fire, renew, name: this.getAttribute('email') ?? '', theme: () => this.getAttribute('theme') },
      bootstrap,
    );
    const press = () => {
      // Not every browser focuses a pressed button, and the focus must return to the button when the dialog closes.
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
