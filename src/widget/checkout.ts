import type { Bootstrap } from '../contract/embed-api.ts';
import { messageOf, readMessage } from '../contract/messages.ts';
import type { Refusal } from './bootstrap.ts';
import { make, makeSheet } from './dom.ts';

/**
 * The state of the checkout. `wait`: the frame is loading. `link`: the frame did not load, and the dialog shows a link
 * to the pay page. `ready`: the frame is shown. `busy`: the frame is confirming a payment, and the dialog cannot be
 * closed. `late`: the same after a minute, but the dialog can be closed. `over`: the checkout has ended. `result`: it
 * ended while the dialog was closed, so the next `open` shows the result.
 */
type State = 'wait' | 'link' | 'ready' | 'busy' | 'late' | 'over' | 'result';

/** What the checkout needs from the `<softsolz-pay>` element that holds it. */
interface Surroundings {
  /** Dispatches `softsolz:<name>` on the element. */
  fire(name: string, detail?: object): void;
  /** The buyer's e-mail address, which is the frame's name. '': the merchant's page has given none. */
  readonly name: string;
  /** The colour scheme that the merchant's page asks for: `light` or `dark`. Any other: that of the page. */
  theme(): string | null;
  /** Requests a new bootstrap, because the token of a bootstrap opens a frame for only five minutes. */
  renew(): Promise<Bootstrap | Refusal>;
}

export interface Checkout {
  readonly dialog: HTMLDialogElement;
  open(): void;
  /** Does nothing while a payment is being confirmed. */
  close(): void;
  /** Closes the dialog in any state, and removes everything that the checkout added to the page. */
  remove(): void;
}

/**
 * Makes the dialog with our frame. Closing the dialog keeps the frame, so that the buyer finds the same session again.
 * This is one long closure, because a class would cost 90 of the 3,584 bytes that the loader may have.
 */
export function createCheckout({ fire, renew, name, theme }: Surroundings, bootstrap: Bootstrap): Checkout {
  /** An older bootstrap is replaced before a frame is loaded: its token opens a frame for five minutes. */
  const FRESH_MS = 240_000;
  /** A frame that is older is loaded again when the dialog opens. It can open no session after 25 minutes. */
  const REUSE_MS = 1_200_000;
  const READY_MS = 8_000;
  /** How long to wait after `load` for a message that the frame posted before it. */
  const LOADED_MS = 1_000;
  /** After this time of confirming the buyer may close the dialog, in case the frame has stopped working. */
  const CONFIRM_MS = 60_000;

  let current = bootstrap;
  let fetchedAt = Date.now();
  /** The last two digits of the form's id. `frame_url` ends with the characters before them. */
  let forms = 10;
  let frame: HTMLIFrameElement | undefined;
  /** The theme of the frame. */
  let shown = '';
  let timer: ReturnType<typeof setTimeout>;
  let lock: CSSStyleSheet;

  const { link, pay_url: href, frame_url: frameUrl, texts } = current;
  const { origin } = new URL(frameUrl);
  const toPage = make('a', { href, target: '_blank', rel: 'noopener' }, texts.continue);
  const closing = make('button', { ariaLabel: texts.close, onclick: () => close() }, '×');
  const box = make('div', {}, closing, make('p', { role: 'status' }, texts.loading), toPage);
  const dialog = make('dialog', { ariaLabel: link.title }, box);

  const is = (state: State) => dialog.className === state;
  const become = (state: State, ms?: number, then?: () => void) => {
    dialog.className = state;
    closing.ariaDisabled = `${is('busy')}`;
    clearTimeout(timer);
    if (then) timer = setTimeout(then, ms);
  };
  const post = (name: string) => frame?.contentWindow?.postMessage(messageOf(name), origin);
  const focus = () => {
    frame?.focus();
    post('focus');
  };
  /** Shows a link to the pay page instead of the frame, and opens it if the browser allows a new tab now. */
  const fallBack = () => {
    if (!is('wait')) return;
    frame?.remove();
    become('link');
    fire('blocked', { reason: 'frame' });
    if (navigator.userActivation?.isActive !== false) toPage.click();
    toPage.focus();
  };
  /**
   * The theme for a frame that is loaded now. '': it follows the visitor's system, as the page does. A page that sets no
   * `color-scheme` is light, or what its `<meta name="color-scheme">` says, which only the colours show.
   */
  const themeNow = () => {
    const asked = theme() ?? '';
    if (/^(light|dark)$/.test(asked)) return asked;
    dialog.style.colorScheme = '';
    const { colorScheme, backgroundColor } = getComputedStyle(dialog);
    if (/light dark|dark light/.test(colorScheme)) return '';
    return /255/.test(backgroundColor) ? 'light' : 'dark';
  };
  const load = async () => {
    become('wait', READY_MS, fallBack);
    if (Date.now() - fetchedAt > FRESH_MS) {
      const answer = await renew();
      if (!('link' in answer)) return fallBack();
      current = answer;
      fetchedAt = Date.now();
    }
    frame?.remove();
    frame = make('iframe', {
      title: link.title,
      // The frame reads its name: the e-mail address is in no address.
      name,
      allow: 'payment',
      src: `${current.frame_url}${forms++}&theme=${shown}`,
      // The frame's script posts a message before `load`. If none has come, the browser refused to show the frame.
      onload: () => is('wait') && become('wait', LOADED_MS, fallBack),
    });
    box.append(frame);
  };
  const open = () => {
    if (dialog.open) return;
    const now = themeNow();
    const isFresh = now === shown && Date.now() - fetchedAt < REUSE_MS;
    const again = /late|result/.test(dialog.className) || (is('ready') && isFresh);
    if (!again) {
      shown = now;
      become('wait');
    }
    dialog.style.colorScheme = shown;
    if (is('result')) become('over');
    try {
      dialog.showModal();
      // Inside a hidden element the dialog would be invisible, and still block the page.
      if (!dialog.offsetWidth) throw 0;
    } catch {
      dialog.close();
      return fallBack();
    }
    const gutter = innerWidth > document.documentElement.clientWidth ? 'stable' : 'auto';
    lock = makeSheet(`html{overflow:hidden!important;scrollbar-gutter:${gutter}}`);
    document.adoptedStyleSheets.push(lock);
    fire('open');
    if (again) focus();
    else void load();
  };
  const unlock = () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => sheet !== lock);
  };
  const close = () => {
    if (!is('busy')) dialog.close();
  };

  const onMessage = (event: MessageEvent) => {
    const [name = '', data = {}] = readMessage(event, origin, frame?.contentWindow) ?? [];
    if (name === 'ready') {
      become(name);
      focus();
    } else if (name === 'resize') {
      if (frame) {
        frame.style.height = `${data.height}px`;
        frame.title = `${data.title}`;
      }
    } else if (name === 'close') {
      close();
    } else if (name === 'confirming') {
      become('busy', CONFIRM_MS, () => become('late'));
      fire(name);
    } else if (name) {
      // The name is succeeded, processing, failed or blocked: our frame sends no other.
      become(dialog.open ? 'over' : 'result');
      fire(name, data);
    }
  };
  addEventListener('message', onMessage);

  // A handler that returns `false` prevents the default action.
  dialog.oncancel = () => !is('busy');
  dialog.onclick = (event) => {
    // The button may be inside a link or another clickable element, which must not see a press in the dialog.
    event.stopPropagation();
    // The second half of a double click on the button must not close the dialog.
    if (event.target === dialog && event.detail < 2) close();
    return event.target === toPage;
  };
  dialog.onclose = () => {
    // A browser closes the dialog at a second Escape, although `cancel` was prevented.
    if (is('busy')) return dialog.showModal();
    // After the dialog was closed, a frame that is still loading must not show up or open a tab.
    if (!/ready|late/.test(dialog.className)) become('over');
    unlock();
    post('closing');
    fire('close');
  };
  const remove = () => {
    removeEventListener('message', onMessage);
    become('over');
    unlock();
    dialog.remove();
  };
  return { dialog, open, close, remove };
}
