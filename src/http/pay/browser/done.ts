/**
 * The script of the page after Checkout. It shows times in the buyer's time zone, and the button that prints.
 *
 * While the page waits and is visible, it requests the address in its `data-url`. When the status is no longer that in
 * `data-status`, it goes to the address in `data-refresh`. Once the answer has a `continue_url`, the link to the shop leads
 * there. A page with a known link to the shop then counts down to it.
 */
import { prepareCountdown } from './countdown.ts';

/** The `data` that is answered at `data-url`. */
interface Answer {
  readonly status: string;
  readonly continue_url?: string;
}

/** The time before a request. Each is longer than the one before, up to the longest. */
const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 10_000;
const WAIT_GROWTH = 1.25;

const { url, status, refresh } = document.currentScript?.dataset ?? {};
const shopLink = document.querySelector<HTMLAnchorElement>('[data-go]');

showLocalTimes();
showPrintButton();
const startCountdown = prepareCountdown(shopLink);
if (url && refresh) askLater(url, refresh, FIRST_WAIT_MS);
else startCountdown();

function showLocalTimes(): void {
  for (const time of document.querySelectorAll('time')) {
    time.textContent = new Date(time.dateTime).toLocaleString(document.documentElement.lang, {
      calendar: 'gregory',
      day: 'numeric',
      month: 'long',
      year: 'numeric',
      hour: 'numeric',
      minute: '2-digit',
      timeZoneName: 'short',
    });
  }
}

function showPrintButton(): void {
  const button = document.querySelector<HTMLElement>('[data-print]');
  if (!button) return;
  button.hidden = false;
  button.onclick = () => print();
}

/** Asks at `url` after the wait, and again until the page is loaded anew from `refresh` or the shop's address is known. */
function askLater(url: string, refresh: string, waitMs: number): void {
  setTimeout(async () => {
    const answer = await ask(url);
    if (answer && answer.status !== status) location.replace(refresh);
    else if (answer?.continue_url && shopLink) setShopUrl(answer.continue_url, shopLink);
    else askLater(url, refresh, Math.min(waitMs * WAIT_GROWTH, LONGEST_WAIT_MS));
  }, waitMs);
}

/** null: there is no answer now, or nobody looks at the page. A later call may get one. */
async function ask(url: string): Promise<Answer | null> {
  if (document.hidden) return null;
  try {
    const response = await fetch(url, { cache: 'no-store' });
    if (!response.ok) return null;
    const { data } = await response.json();
    return data ?? null;
  } catch {
    return null;
  }
}

/** Gives the link, which was one without an address, the address of the shop. */
function setShopUrl(shopUrl: string, link: HTMLAnchorElement): void {
  link.href = shopUrl;
  link.removeAttribute('role');
  link.removeAttribute('aria-disabled');
  startCountdown();
}
