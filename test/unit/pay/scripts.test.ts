import { createContext, runInContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { DONE_SCRIPT } from '../../../src/http/pay/done-page.tsx';
import { PAY_SCRIPT } from '../../../src/http/pay/pay-page.tsx';

type Listener = (event: { target: FakeElement; persisted: boolean }) => void;

/** As much of an element as the scripts touch. */
class FakeElement {
  value = '';
  checked = false;
  disabled = false;
  hidden = true;
  focused = false;
  textContent = '';
  dateTime = '';
  onclick: (() => void) | null = null;
  dataset: Record<string, string> = {};
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
    Object.assign(new FakeElement(), { value, dataset: text === undefined ? {} : { text } }),
  );
  const form = Object.assign(new FakeElement(), {
    elements: { amount: suggestions.length > 0 ? amount : undefined },
    querySelector: () => button,
    querySelectorAll: () => radios,
  });
  const page = new FakeElement();
  const timers = fakeTimers();
  let reloads = 0;
  runInContext(
    PAY_SCRIPT,
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
  return { button, amount, radios, form, page, timers, choose, timesLoadedAnew: () => reloads };
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

function donePage(dataset: Record<string, string>, answers: (Answer | 'offline' | 'error')[]) {
  const time = Object.assign(new FakeElement(), { dateTime: '2026-11-22T09:14:00Z' });
  const print = new FakeElement();
  const timers = fakeTimers();
  const asked: string[] = [];
  const went: string[] = [];
  let printed = 0;
  const document = {
    hidden: false,
    currentScript: { dataset },
    documentElement: { lang: 'en-GB' },
    querySelector: () => print,
    querySelectorAll: () => [time],
  };
  const fetch = async (url: string) => {
    asked.push(url);
    const answer = answers.shift();
    if (answer === 'offline') throw new TypeError('Failed to fetch');
    return { ok: answer !== 'error', json: async () => ({ data: answer }) };
  };
  const location = { replace: (url: string) => went.push(url) };
  runInContext(
    DONE_SCRIPT,
    createContext({ document, fetch, location, setTimeout: timers.setTimeout, print: () => (printed += 1) }),
  );
  return { document, time, print, timers, asked, went, printedTimes: () => printed };
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

  it("goes on to the shop when the shop's address is answered", async () => {
    const { timers, went } = donePage(WAITING, [{ status: 'paid', continue_url: 'https://shop.example/?s=1' }]);
    await timers.next();
    expect(went).toEqual(['https://shop.example/?s=1']);
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
