/** How long the buyer sees the receipt, in seconds, before the page goes on to the shop. */
const SECONDS = 20;
/** The countdown is announced to screen readers once, at this second. */
const ANNOUNCED_AT = SECONDS - 1;
/** In `history.state`, which outlives Back and reload: the page has counted down before. */
const COUNTED = 'stay';

const USES = ['click', 'keydown', 'wheel', 'touchmove', 'beforeprint', 'pagehide'];

/**
 * Prepares the countdown after which the page goes on to `link`, and returns the function that starts it.
 *
 * The page has room for it below its last line from now on. It rests while the page is hidden, and ends for good at the
 * first use of the page, also before its start. It never starts on a page without a place for it, on one that has
 * counted down before, or for a buyer who wants less motion.
 */
export function prepareCountdown(link: HTMLAnchorElement | null): () => void {
  const bar = document.querySelector<HTMLElement>('.leaving');
  const isUnwanted = history.state === COUNTED || matchMedia('(prefers-reduced-motion:reduce)').matches;
  if (!bar || !link || isUnwanted) return () => undefined;
  keepRoom(bar);
  let isOver = false;
  let left = SECONDS;
  const end = () => {
    if (isOver) return;
    isOver = true;
    hide(bar);
  };
  const tick = () => {
    if (isOver) return;
    if (!document.hidden) {
      if (left === 0) {
        end();
        location.assign(link.href);
        return;
      }
      show(left);
      left -= 1;
    }
    setTimeout(tick, 1000);
  };
  onUse(end);
  return () => {
    if (isOver) return;
    history.replaceState(COUNTED, '');
    bar.hidden = false;
    tick();
  };
}

/** Makes room for the countdown. It stays, so that nothing moves when the countdown starts or ends. */
function keepRoom(bar: HTMLElement): void {
  bar.hidden = false;
  show(SECONDS);
  document.body.style.setProperty('--below', `calc(${bar.offsetHeight}px + 1rem)`);
  bar.hidden = true;
}

/** Calls `end` when the buyer prints, scrolls, selects text, presses anything or moves the focus to a control. */
function onUse(end: () => void): void {
  for (const type of USES) addEventListener(type, end);
  addEventListener('focusin', ({ target }) => {
    // The heading has the focus when the page loads, and is no control.
    const isHeading = target instanceof HTMLElement && target.tabIndex < 0;
    if (!isHeading) end();
  });
  document.addEventListener('selectionchange', () => {
    if (getSelection()?.isCollapsed === false) end();
  });
}

function show(left: number): void {
  const time = new Intl.RelativeTimeFormat(document.documentElement.lang).format(left, 'second');
  setText('[data-when]', time);
  if (left === ANNOUNCED_AT) setText('[data-say]', document.querySelector('.leaving p')?.textContent ?? '');
}

/** Hides the countdown. The focus goes to the heading if it would be lost. */
function hide(bar: HTMLElement): void {
  const focused = document.activeElement;
  const losesFocus = focused === document.body || bar.contains(focused);
  bar.hidden = true;
  setText('[data-say]', '');
  if (losesFocus) document.querySelector('h1')?.focus({ preventScroll: true });
}

function setText(selector: string, text: string): void {
  const element = document.querySelector(selector);
  if (element) element.textContent = text;
}
