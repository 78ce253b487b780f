import { createContext, runInContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { bundleForBrowsers } from '../../../scripts/build/browser-files.mjs';

const FORM_SCRIPT = await bundleForBrowsers('src/http/pay/browser/form.ts');
const DONE_SCRIPT = await bundleForBrowsers('src/http/pay/browser/done.ts');

type Listener = (event: { target: FakeElement; persisted: boolean }) => void;

/** As much of an element as the scripts touch. */
class FakeElement {
  value = '';
  checked = false;
  disabled = false;
  hidden = true;
  focused = false;
  tabIndex = 0;
  textContent = '';
  dateTime = '';
  onclick: (() => void) | null = null;
  dataset: Record<string, string> = {};
  children: FakeElement[] = [];
  nextElementSibling: FakeElement | null = null;
  querySelector = (_selector: string): FakeElement | undefined => this.children[0];
  querySelectorAll = (): FakeElement[] => this.children;
  private listeners: [string, Listener][] = [];
  addEventListener(type: string, listener: Listener): void {
    this.listeners.push([type, listener]);
  }
  focus(): void {
    this.focused = true;
  }
  fire(type: string, persisted = false): void {
    for (const [known, listener] of this.listeners) if (known === type) listener({ target: this, persisted });
  }
}

/** Timers that run when the test says so; `delays` is what was asked for. */
function fakeTimers() {
  const pending: (() => unknown)[] = [];
  const delays: number[] = [];
  const setTimeout = (run: () => unknown, delay = 0) => {
    pending.push(run);
    delays.push(delay);
  };
  return { setTimeout, delays, pending, next: async () => await pending.shift()?.() };
}

function payPage(suggestions: { value: string; text?: string }[]) {
  const button = new FakeElement();
  const amount = new FakeElement();
  const radios = suggestions.map(({ value, text }) =>
    Object.assign(new FakeElement(), {
      value,
      dataset: text === undefined ? {} : { text },
      nextElementSibling: Object.assign(new FakeElement(), { textContent: `${text} €` }),
    }),
  );
  const [other, pay, onButton] = [new FakeElement(), new FakeElement(), new FakeElement()];
  other.hidden = false;
  pay.children = [onButton];
  button.children = suggestions.length > 0 ? [other, pay] : [other];
  const buttonText = () => (pay.hidden ? (other.hidden ? '' : 'Continue') : `Pay ${onButton.textContent}`);
  const form = Object.assign(new FakeElement(), {
    querySelector: (selector: string) => (selector === '.pay' ? button : suggestions.length > 0 ? amount : undefined),
    querySelectorAll: () => radios,
  });
  const page = new FakeElement();
  const timers = fakeTimers();
  let reloads = 0;
  runInContext(
    FORM_SCRIPT,
    createContext({
      document: { querySelector: () => form },
      addEventListener: page.addEventListener.bind(page),
      location: { reload: () => (reloads += 1) },
      setTimeout: timers.setTimeout,
    }),
  );
  const choose = (at: number) => {
    for (const [index, radio] of radios.entries()) radio.checked = index === at;
    radios[at]?.fire('change');
  };
  return { button, buttonText, amount, radios, form, page, timers, choose, timesLoadedAnew: () => reloads };
}

const EUROS = [{ value: '1000', text: '10,00' }, { value: '2500', text: '25,00' }, { value: '' }];

describe("the pay page's script", () => {
  it('disables the button after a submit, once the form is on its way, and enables it again', async () => {
    const { button, form, timers } = payPage([]);
    form.fire('submit');
    expect(button.disabled).toBe(false);
    await timers.next();
    expect(button.disabled).toBe(true);
    await timers.next();
    expect(button.disabled).toBe(false);
  });

  it('enables the button again for a buyer who comes back from Checkout', async () => {
    const { button, form, page, timers } = payPage([]);
    form.fire('submit');
    await timers.next();
    page.fire('pageshow');
    expect(button.disabled).toBe(false);
  });

  it('loads a page anew that was kept by the browser and whose form was sent, and no other', () => {
    const { form, page, timesLoadedAnew } = payPage([]);
    page.fire('pageshow', true);
    expect(timesLoadedAnew()).toBe(0);
    form.fire('submit');
    page.fire('pageshow');
    expect(timesLoadedAnew()).toBe(0);
    page.fire('pageshow', true);
    expect(timesLoadedAnew()).toBe(1);
  });

  it('fills the field with a tapped suggestion', () => {
    const { amount, choose } = payPage(EUROS);
    choose(1);
    expect(amount.value).toBe('25,00');
    expect(amount.focused).toBe(false);
  });

  it('empties the field for another amount, and puts the cursor there', () => {
    const { amount, choose } = payPage(EUROS);
    choose(1);
    choose(2);
    expect(amount).toMatchObject({ value: '', focused: true });
  });

  it('writes the chosen suggestion on the button, until the buyer types another amount', () => {
    const { amount, buttonText, choose } = payPage(EUROS);
    expect(buttonText()).toBe('Continue');
    choose(1);
    expect(buttonText()).toBe('Pay 25,00 €');
    amount.value = '25,0';
    amount.fire('input');
    expect(buttonText()).toBe('Continue');
    amount.value = '10,00';
    amount.fire('input');
    expect(buttonText()).toBe('Pay 10,00 €');
    choose(2);
    expect(buttonText()).toBe('Continue');
  });

  it('names on the button what the browser has chosen again for a buyer who comes back', () => {
    const { buttonText, radios, page } = payPage(EUROS);
    for (const [at, radio] of radios.entries()) radio.checked = at === 0;
    page.fire('pageshow');
    expect(buttonText()).toBe('Pay 10,00 €');
  });

  it('lets go of the suggestion when the buyer types, and takes it again when they type the same', () => {
    const { amount, radios, choose } = payPage(EUROS);
    choose(1);
    amount.value = '25,0';
    amount.fire('input');
    expect(radios.map(({ checked }) => checked)).toEqual([false, false, false]);
    amount.value = '10,00';
    amount.fire('input');
    expect(radios.map(({ checked }) => checked)).toEqual([true, false, false]);
  });
});

interface Answer {
  status?: string;
  continue_url?: string;
}

/** What the page after Checkout has beside its times: the countdown's place where a link goes on to the shop. */
interface Shop {
  /** Where the link leads; null: nowhere yet. */
  readonly href: string | null;
  /** What the browser remembers of the page, from before Back or a reload. */
  readonly state?: unknown;
  readonly reducedMotion?: boolean;
}

function donePage(dataset: Record<string, string>, answers: (Answer | 'offline' | 'error')[], shop?: Shop) {
  const time = Object.assign(new FakeElement(), { dateTime: '2026-11-22T09:14:00Z' });
  const [print, heading] = [new FakeElement(), new FakeElement()];
  const [when, said] = [new FakeElement(), new FakeElement()];
  const text = {
    get textContent() {
      return `You are taken to the shop ${when.textContent}.`;
    },
  };
  const attributes = new Set(['role', 'aria-disabled']);
  const removeAttribute = (name: string) => attributes.delete(name);
  const link = Object.assign(new FakeElement(), { href: shop?.href, removeAttribute });
  const bar = Object.assign(new FakeElement(), { contains: (element: unknown) => element === 'stay' });
  const parts: Record<string, unknown> = { '[data-print]': print, h1: heading };
  const way = { '[data-go]': link, '.leaving': bar, '.leaving p': text, '[data-when]': when, '[data-say]': said };
  if (shop) Object.assign(parts, way);
  const timers = fakeTimers();
  const asked: string[] = [];
  const went: string[] = [];
  let printed = 0;
  const page = new FakeElement();
  const selection = { isCollapsed: true };
  const document = Object.assign(new FakeElement(), {
    hidden: false,
    activeElement: null as unknown,
    body: { style: { setProperty: () => undefined } },
    currentScript: { dataset },
    documentElement: { lang: 'en-GB' },
    querySelector: (selector: string) => parts[selector] ?? null,
    querySelectorAll: () => [time],
  });
  const fetch = async (url: string) => {
    asked.push(url);
    const answer = answers.shift();
    if (answer === 'offline') throw new TypeError('Failed to fetch');
    return { ok: answer !== 'error', json: async () => ({ data: answer }) };
  };
  const location = { replace: (url: string) => went.push(url), assign: (url: string) => went.push(`to ${url}`) };
  const history = { state: shop?.state ?? null, replaceState: (state: unknown) => Object.assign(history, { state }) };
  const matchMedia = () => ({ matches: shop?.reducedMotion === true });
  const addEventListener = page.addEventListener.bind(page);
  runInContext(
    DONE_SCRIPT,
    createContext({
      ...{ document, fetch, location, history, matchMedia, addEventListener, HTMLElement: FakeElement },
      ...{ setTimeout: timers.setTimeout, getSelection: () => selection, print: () => (printed += 1) },
    }),
  );
  const seconds = async (count: number) => {
    for (let second = 0; second < count; second += 1) await timers.next();
  };
  const shown = { bar, when, said, heading, link, attributes, selection };
  return { document, time, print, timers, asked, went, page, history, seconds, ...shown, printedTimes: () => printed };
}

const WAITING = { url: '/status', status: 'confirming', refresh: '/done' };

describe("the done page's script", () => {
  it('asks after two seconds, then ever more rarely up to every ten', async () => {
    const same = Array.from({ length: 20 }, () => ({ status: 'confirming' }));
    const { timers, asked, went } = donePage(WAITING, same);
    for (let turn = 0; turn < 20; turn += 1) await timers.next();
    expect(asked).toHaveLength(20);
    expect(timers.delays[0]).toBe(2000);
    expect(timers.delays.slice(1)).toEqual([...timers.delays.slice(1)].sort((a, b) => a - b));
    expect(timers.delays.at(-1)).toBe(10_000);
    expect(went).toEqual([]);
  });

  it('loads the page anew when the status is another, and stops asking', async () => {
    const { timers, went } = donePage(WAITING, [{ status: 'paid' }]);
    await timers.next();
    expect(went).toEqual(['/done']);
    expect(timers.pending).toHaveLength(0);
  });

  it('goes on asking through lost connections and errors', async () => {
    const { timers, asked, went } = donePage(WAITING, ['offline', 'error', { status: 'paid' }]);
    for (let turn = 0; turn < 3; turn += 1) await timers.next();
    expect(asked).toHaveLength(3);
    expect(went).toEqual(['/done']);
  });

  it('loads the page again at the first status it gets, where the page could show none', async () => {
    const { timers, went } = donePage({ url: '/status', refresh: '/done' }, ['error', { status: 'confirming' }]);
    await timers.next();
    expect(went).toEqual([]);
    await timers.next();
    expect(went).toEqual(['/done']);
  });

  it('does not ask while the page is hidden', async () => {
    const { document, timers, asked } = donePage(WAITING, []);
    document.hidden = true;
    await timers.next();
    expect(asked).toEqual([]);
    expect(timers.pending).toHaveLength(1);
  });

  it('asks nothing once the status is final', () => {
    expect(donePage({}, []).timers.pending).toHaveLength(0);
  });

  it("shows the time of the buyer's clock, and a button that prints", () => {
    const { time, print, printedTimes } = donePage({}, []);
    expect(time.textContent).toMatch(/22 November 2026/);
    expect(print.hidden).toBe(false);
    print.onclick?.();
    expect(printedTimes()).toBe(1);
  });
});

describe("the done page's countdown to the shop", () => {
  const SHOP = { href: 'https://shop.example/?s=1' };

  it('ticks in sight for twenty seconds, is heard once, and then goes on, so that Back leads here again', async () => {
    const { bar, when, said, went, history, seconds } = donePage({}, [], SHOP);
    expect([bar.hidden, when.textContent, said.textContent]).toEqual([false, 'in 20 seconds', '']);
    const heard: string[] = [];
    for (let left = 19; left >= 0; left -= 1) {
      expect(went).toEqual([]);
      await seconds(1);
      if (left > 0) expect(when.textContent).toBe(left === 1 ? 'in 1 second' : `in ${left} seconds`);
      heard.push(said.textContent);
    }
    expect(went).toEqual([`to ${SHOP.href}`]);
    expect([...new Set(heard)]).toEqual(['You are taken to the shop in 19 seconds.', '']);
    expect([bar.hidden, history.state]).toEqual([true, 'stay']);
  });

  it.each(['focusin', 'click', 'keydown', 'wheel', 'touchmove', 'beforeprint', 'pagehide'])(
    'ends for good at the first %s',
    async (event) => {
      const { bar, page, went, timers, seconds } = donePage({}, [], SHOP);
      await seconds(3);
      page.fire(event);
      expect(bar.hidden).toBe(true);
      await seconds(40);
      expect([went, timers.pending.length]).toEqual([[], 0]);
    },
  );

  it('goes on when the heading gets the focus, as it does when the page loads', async () => {
    const { bar, page, went, seconds } = donePage({}, [], SHOP);
    page.tabIndex = -1;
    page.fire('focusin');
    expect(bar.hidden).toBe(false);
    await seconds(20);
    expect(went).toEqual([`to ${SHOP.href}`]);
  });

  it('ends when text is selected, not when a selection goes away', async () => {
    const { bar, document, selection, went, seconds } = donePage({}, [], SHOP);
    document.fire('selectionchange');
    expect(bar.hidden).toBe(false);
    selection.isCollapsed = false;
    document.fire('selectionchange');
    expect(bar.hidden).toBe(true);
    await seconds(40);
    expect(went).toEqual([]);
  });

  it('leaves the focus at the heading when its own button is pressed, and elsewhere where it is', () => {
    const own = donePage({}, [], SHOP);
    own.document.activeElement = 'stay';
    own.page.fire('focusin');
    expect([own.bar.hidden, own.heading.focused]).toEqual([true, true]);
    const other = donePage({}, [], SHOP);
    other.page.fire('focusin');
    expect([other.bar.hidden, other.heading.focused]).toEqual([true, false]);
  });

  it('rests while the page is hidden', async () => {
    const { document, when, went, seconds } = donePage({}, [], SHOP);
    await seconds(18);
    document.hidden = true;
    await seconds(60);
    expect([went, when.textContent]).toEqual([[], 'in 2 seconds']);
    document.hidden = false;
    await seconds(3);
    expect(went).toHaveLength(1);
  });

  it.each([
    ['who comes back or loads the page again', { state: 'stay' }],
    ['who wants less motion', { reducedMotion: true }],
  ] as [string, Partial<Shop>][])('does not begin for a buyer %s', (_who, more) => {
    const { bar, timers, history } = donePage({}, [], { ...SHOP, ...more });
    expect([bar.hidden, timers.pending.length]).toEqual([true, 0]);
    expect(history.state).toBe(more.state ?? null);
  });

  it('begins once the address of the shop is answered, on the same page', async () => {
    const answers = [{ status: 'paid' }, { status: 'paid', continue_url: SHOP.href }];
    const { bar, link, attributes, went, asked, seconds } = donePage({ ...WAITING, status: 'paid' }, answers, {
      href: null,
    });
    await seconds(1);
    expect([bar.hidden, link.href, attributes.size]).toEqual([true, null, 2]);
    await seconds(1);
    expect([bar.hidden, link.href, attributes.size]).toEqual([false, SHOP.href, 0]);
    await seconds(20);
    expect([asked.length, went]).toEqual([2, [`to ${SHOP.href}`]]);
  });

  it('does not begin where the buyer did something while the address was awaited', async () => {
    const answers = [{ status: 'paid', continue_url: SHOP.href }];
    const { bar, link, page, went, timers, seconds } = donePage({ ...WAITING, status: 'paid' }, answers, {
      href: null,
    });
    page.fire('beforeprint');
    await seconds(1);
    expect([bar.hidden, link.href, timers.pending.length, went]).toEqual([true, SHOP.href, 0, []]);
  });

  it('is never there while a payment is being confirmed: the receipt comes first', async () => {
    const { went, seconds } = donePage(WAITING, [{ status: 'paid', continue_url: SHOP.href }]);
    await seconds(1);
    expect(went).toEqual(['/done']);
  });
});
