import type { Options } from './bootstrap.ts';
import { PayElement, warn } from './element.ts';

type MountOptions = Omit<Options, 'lang'> & { readonly lang?: string | undefined };

const shown = new WeakMap<Element, PayElement>();

function setOptions(pay: PayElement, { publicKey, token, lang = '' }: MountOptions): void {
  pay.setAttribute('public-key', publicKey);
  pay.setAttribute('token', token);
  pay.lang = lang;
}

/**
 * Shows the button in `el` and answers its element, with `open()`, `close()` and `destroy()`. Again on the same element: the
 * same button, with the options of now. Throws nothing: what is wrong with its arguments is one line in the console.
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

/** Takes the button away: of what `mount` was given, or of what it answered. */
function destroy(el: Element & { destroy?(): void }): void {
  (shown.get(el) ?? el).destroy?.();
}

/**
 * Shows the button of a script tag where it stands, once; one in the head has no place, and gets the end of the body. A tag
 * without a key and a token is there for `mount`; of one that lacks a token alone the server says so.
 */
function load(script: HTMLScriptElement): void {
  const { serviceId, publicKey = '', token = '', lang } = script.dataset;
  if (!(token || publicKey) || shown.has(script) || script.nextElementSibling instanceof PayElement) return;
  const pay = new PayElement();
  shown.set(script, pay);
  setOptions(pay, { publicKey, token, lang });
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
  // A script whose consent is still awaited has this type.
  const tags = [...document.querySelectorAll<HTMLScriptElement>('script[src*="softsolz.js"]:not([type="text/plain"])')];
  const running = tags.find((tag) => tag === document.currentScript);
  if (!window.Softsolz) {
    PayElement.base = new URL((running ?? tags[0])?.src ?? '').origin;
    customElements.define('softsolz-pay', PayElement);
    window.Softsolz = { mount, destroy, load };
  }
  // Where a browser does not say which tag runs, it is any of those that wait.
  (running?.dataset.token ? [running] : tags).forEach(window.Softsolz.load);
} catch (error) {
  warn(error);
}
