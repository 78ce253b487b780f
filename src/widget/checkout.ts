import type { Bootstrap } from '../contract/embed-api.ts';
import { messageOf, readMessage } from '../contract/messages.ts';
import type { Refusal } from './bootstrap.ts';
import { make, makeSheet } from './dom.ts';

/**
 * The state of the checkout. `wait`: the frame is loading. `link`: it did not load, and a link to the pay page is shown. `ready`:
 * it is shown. `busy`: it is confirming a payment, and the dialog stays open. `late`: the same after a minute, and the buyer may
 * close. `over`: it has ended. `unseen`: it has ended while the dialog was closed, and its end is shown before a new form.
 */
type State = 'wait' | 'link' | 'ready' | 'busy' | 'late' | 'over' | 'unseen';

/** What the checkout needs from its element. */
export interface Surroundings {
  /** Dispatches `softsolz:<name>` on the element. */
  fire(name: string, detail?: object): void;
  /** Requests a new bootstrap, because a token is valid for five minutes. */
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
 * Makes the dialog with our frame. The frame stays when the dialog is closed: one checkout is one session. It is one long closure,
 * because a class costs 90 of the loader's 3,072 bytes.
 */
export function createCheckout({ fire, renew }: Surroundings, bootstrap: Bootstrap): Checkout {
  /** Up to this age the token of the bootstrap is used. It opens a frame for five minutes. */
  const FRESH_MS = 240_000;
  /** From this age on a frame is loaded again. It opens no session after 25 minutes, and Stripe's session ends after 30. */
  const REUSE_MS = 1_200_000;
  const READY_MS = 8_000;
  /** After `load`, for a message that was posted before it. */
  const LOADED_MS = 1_000;
  /** After this time the buyer may close the dialog, in case its frame has stopped working. */
  const CONFIRM_MS = 60_000;

  let current = bootstrap;
  let fetchedAt = Date.now();
  /** The last two digits of the form's id. The address of the frame ends with the rest of the id. */
  let forms = 10;
  let frame: HTMLIFrameElement | undefined;
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
  /** Without a frame the buyer pays on our own page. A browser opens a tab by itself only right after a press. */
  const fallBack = () => {
    if (!is('wait')) return;
    frame?.remove();
    become('link');
    fire('blocked', { reason: 'frame' });
    if (navigator.userActivation?.isActive !== false) toPage.click();
    toPage.focus();
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
      allow: 'payment',
      src: current.frame_url + forms++,
      // Its script posts a message before `load`: a frame that loads without one was refused by the browser.
      onload: () => is('wait') && become('wait', LOADED_MS, fallBack),
    });
    box.append(frame);
  };
  const open = () => {
    if (dialog.open) return;
    const again = /late|unseen/.test(dialog.className) || (is('ready') && Date.now() - fetchedAt < REUSE_MS);
    if (!again) become('wait');
    if (is('unseen')) become('over');
    try {
      dialog.showModal();
      // Inside something hidden the dialog would show nothing and block the page.
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
      if (frame) frame.style.height = `${data.height}px`;
    } else if (name === 'close') {
      close();
    } else if (name === 'confirming') {
      become('busy', CONFIRM_MS, () => become('late'));
      fire(name);
    } else if (name) {
      // succeeded, processing, failed, blocked: our frame sends nothing else.
      become(dialog.open ? 'over' : 'unseen');
      fire(name, data);
    }
  };
  addEventListener('message', onMessage);

  // A handler that returns `false` prevents the default action.
  dialog.oncancel = () => !is('busy');
  dialog.onclick = (event) => {
    // The button may stand in a link or a card with its own handler, which must not see a press in the dialog.
    event.stopPropagation();
    // Not by the second half of a double click on the button.
    if (event.target === dialog && event.detail < 2) close();
    return event.target === toPage;
  };
  dialog.onclose = () => {
    // A browser closes at a second Escape although `cancel` was prevented.
    if (is('busy')) return dialog.showModal();
    // A frame that was still loading must not come up, or open a tab, after the dialog was closed.
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
