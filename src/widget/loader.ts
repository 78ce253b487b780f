import { PayElement, warn } from './element.ts';

interface MountOptions {
  /** `pk_…` */
  readonly publicKey?: string | undefined;
  /** The token of the payment link: `lnk_…`. */
  readonly token?: string | undefined;
  /** The language of the button and the checkout (BCP 47). Not set: that of the visitor's browser. */
  readonly lang?: string | undefined;
  /** The merchant's own name for this payment. The events of the payment show it. */
  readonly reference?: string | undefined;
  /** The buyer's e-mail address. Checkout shows it in the e-mail field. */
  readonly email?: string | undefined;
  /** `light` or `dark`. Any other: the colour scheme of the merchant's page. */
  readonly theme?: string | undefined;
}

const shown = new WeakMap<Element, PayElement>();

function setOptions(pay: PayElement, options: MountOptions): void {
  for (const name of PayElement.observedAttributes) {
    pay.setAttribute(name, options[name === 'public-key' ? 'publicKey' : name] ?? '');
  }
}

/**
 * Shows the payment button in `el`. Returns the button's element, which has `open()`, `close()` and `destroy()`. A
 * second call for the same `el` gives the same button the new options. Never throws: a wrong argument is reported in
 * the console.
 */
function mount(el: Element, options: MountOptions): PayElement {
  const pay = el instanceof PayElement ? el : (shown.get(el) ?? new PayElement());
  try {
    setOptions(pay, options);
    if (pay !== el && pay.parentNode !== el) el.append(pay);
    shown.set(el, pay);
  } catch (error) {
    warn(error);
  }
  return pay;
}

/** Removes a button. `el`: the element that `mount` was called with, or the one that it returned. */
function destroy(el: Element & { destroy?(): void }): void {
  (shown.get(el) ?? el).destroy?.();
}

/**
 * Shows the button that the `data-` attributes of a script tag describe, once, right after the tag. For a tag in the
 * head the button is at the end of the body. A tag without public key and token shows no button, and only makes `mount`
 * available.
 */
function load(script: HTMLScriptElement): void {
  const { serviceId, publicKey, token } = script.dataset;
  if (!(token || publicKey) || shown.has(script) || script.nextElementSibling instanceof PayElement) return;
  const pay = new PayElement();
  shown.set(script, pay);
  setOptions(pay, script.dataset);
  const place = () => (script.closest('head') ? document.body.append(pay) : script.after(pay));
  if (serviceId !== 'payments') warn(`unknown service "${serviceId}"`);
  else if (document.body) place();
  else addEventListener('DOMContentLoaded', place);
}

declare global {
  interface Window {
    Softsolz?: { mount: typeof mount; destroy: typeof destroy; load: typeof load };
  }
}

try {
  // A consent manager gives a script tag the type `text/plain` until the visitor agrees.
  const tags = [
    ...document.querySelectorAll<HTMLScriptElement>('script[src*="/softsolz.js"]:not([type="text/plain"])'),
  ];
  const running = tags.find((tag) => tag === document.currentScript);
  if (!window.Softsolz) {
    PayElement.base = new URL((running ?? tags[0])?.src ?? '').origin;
    customElements.define('softsolz-pay', PayElement);
    window.Softsolz = { mount, destroy, load };
  }
  // If the browser does not say which tag runs, or that tag has no token, every tag gets its button.
  (running?.dataset.token ? [running] : tags).forEach(window.Softsolz.load);
} catch (error) {
  warn(error);
}
