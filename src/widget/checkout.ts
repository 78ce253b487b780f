import { messageOf, readMessage } from '../contract/message.ts';
import type { Bootstrap, Refusal } from './bootstrap.ts';
import { make, makeSheet } from './make.ts';

/**
 * `wait` for the frame; `link`: there will be none; `ready`; `busy` confirming a payment; `late`: still, and nobody is held up
 * any longer; `over`: nothing left to do in it; `told`: likewise, and the buyer has not seen it. Whoever has sent a payment
 * gets no other form before its end was shown.
 */
type State = 'wait' | 'link' | 'ready' | 'busy' | 'late' | 'over' | 'told';

/** What the checkout needs of its element. */
export interface Surroundings {
  /** Dispatches `softsolz:<name>` on the element. */
  fire(name: string, detail?: object): void;
  renew(): Promise<Bootstrap | Refusal>;
}

export interface Checkout {
  readonly dialog: HTMLDialogElement;
  open(): void;
  /** Does nothing while a payment is being confirmed. */
  close(): void;
  /** Closes, whatever is going on, and leaves nothing behind. */
  remove(): void;
}

/**
 * The dialog with our frame. The frame outlives a closed dialog: one checkout is one session. A closure of this length and not
 * a class, because that costs 90 of the loader's 3,072 bytes.
 */
export function createCheckout({ fire, renew }: Surroundings, bootstrap: Bootstrap): Checkout {
  /** The bootstrap's token opens a frame for five minutes. */
  const FRESH_MS = 240_000;
  /** The frame opens no session after 25 minutes, and Stripe's lives for 30. */
  const REUSE_MS = 1_200_000;
  const READY_MS = 8_000;
  /** A message that was posted before `load` may be handled after it. */
  const LOADED_MS = 1_000;
  /** Nobody stays locked in a dialog whose frame has died. */
  const CONFIRM_MS = 60_000;

  let current = bootstrap;
  let fetchedAt = Date.now();
  /** The address of the frame ends with the beginning of its form's id, and this is its end. */
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
  /** Where no frame comes up the buyer pays on our own page; a tab opens by itself only as the answer to a press. */
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
      // Its script speaks before it has loaded: a frame that has loaded and is silent was refused.
      onload: () => is('wait') && become('wait', LOADED_MS, fallBack),
    });
    box.append(frame);
  };
  const open = () => {
    if (dialog.open) return;
    const again = /late|told/.test(dialog.className) || (is('ready') && Date.now() - fetchedAt < REUSE_MS);
    if (!again) become('wait');
    if (is('told')) become('over');
    try {
      dialog.showModal();
      // In a place that is not displayed it would only make the page inert.
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
      // succeeded, processing, failed, blocked: our frame says nothing else.
      become(dialog.open ? 'over' : 'told');
      fire(name, data);
    }
  };
  addEventListener('message', onMessage);

  // What such a handler answers is a verdict: `false` would prevent what follows.
  dialog.oncancel = () => !is('busy');
  dialog.onclick = (event) => {
    // The merchant's card around the button may be a link or have a handler: a press in here is none of its business.
    event.stopPropagation();
    // Not by the second half of a double click on the button.
    if (event.target === dialog && event.detail < 2) close();
    return event.target === toPage;
  };
  dialog.onclose = () => {
    // A browser lets a second Escape through, whatever `cancel` was answered.
    if (is('busy')) return dialog.showModal();
    // What comes up late comes up unseen, and takes nobody anywhere.
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
