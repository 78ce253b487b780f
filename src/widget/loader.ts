import { PayElement, warn } from './element.ts';

interface MountOptions {
  /** `pk_…` */
  readonly publicKey?: string | undefined;
  /** The payment link's `lnk_…`. */
  readonly token?: string | undefined;
  /** A language (BCP 47). Not set: the language of the visitor's browser. */
  readonly lang?: string | undefined;
  /** The merchant's own name for this payment. The events of the payment show it. */
  readonly reference?: string | undefined;
  /** The buyer's e-mail address, which is filled in at Checkout. */
  readonly email?: string | undefined;
}

const shown = new WeakMap<Element, PayElement>();

function setOptions(pay: PayElement, options: MountOptions): void {
  for (const name of PayElement.observedAttributes) {
    pay.setAttribute(name, options[name === 'public-key' ? 'publicKey' : name] ?? '');
  }
}

/**
 * Shows the button in `el`. Returns its element, which has `open()`, `close()` and `destroy()`. A second call for the same element
 * gives the same button the new options. Never throws: wrong arguments are one line in the console.
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
 * Shows the button of a script tag after the tag, once. For a tag in the head the button is at the end of the body. A tag without
 * key and token only loads `mount`. If only the token is missing, the server refuses it.
 */
function load(script: HTMLScriptElement): void {
  const { serviceId, publicKey, token } = script.dataset;
  if (!(token || publicKey) || shown.has(script) || script.nextElementSibling instanceof PayElement) return;
  const pay = new PayElement();
  shown.set(script, pay);
  setOptions(pay, script.dataset);
  const place = () => (script.closest('head') ? document.body.append(pay) : script.after(pay));
  if (serviceId !== 'payments') warn(`unknown data-service-id "${serviceId}"`);
  else if (document.body) place();
  else addEventListener('DOMContentLoaded', place);
}

declare global {
  interface Window {
    Softsolz?: { mount: typeof mount; destroy: typeof destroy; load: typeof load };
  }
}

try {
  // A consent manager gives a script this type until the visitor agrees.
  const tags = [
    ...document.querySelectorAll<HTMLScriptElement>('script[src*="/softsolz.js"]:not([type="text/plain"])'),
  ];
  const running = tags.find((tag) => tag === document.currentScript);
  if (!window.Softsolz) {
    PayElement.base = new URL((running ?? tags[0])?.src ?? '').origin;
    customElements.define('softsolz-pay', PayElement);
    window.Softsolz = { mount, destroy, load };
  }
  // Where a browser does not say which tag runs, all tags that have no button yet are loaded.
  (running?.dataset.token ? [running] : tags).forEach(window.Softsolz.load);
} catch (error) {
  warn(error);
}
