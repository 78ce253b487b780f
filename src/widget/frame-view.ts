import type { AmountReading } from '../contract/embed-api.ts';
import type { FrameText } from '../contract/frame-data.ts';
import type { Action } from './frame-faults.ts';

/** Finds the element of the page with this id. Throws Error if there is none, or if it is of another type. */
function byId<Type extends HTMLElement>(id: string, type: new () => Type): Type {
  const found = document.getElementById(id);
  if (found instanceof type) return found;
  throw new Error(`The page has no #${id}.`);
}

/**
 * Controls the section `#state`, which shows how the payment stands and what the buyer can do next. The title of the
 * document says it too.
 */
export function stateView() {
  const section = byId('state', HTMLElement);
  const paid = byId('paid', HTMLElement);
  // The text of a merchant with its e-mail addresses as links, which the script does not make.
  const message = document.querySelector('template')?.content.firstElementChild;
  const { title: subject } = document;
  const badges = [...section.querySelectorAll<HTMLElement>('.badge')];
  const actions: Readonly<Record<Action, HTMLElement>> = {
    retry: byId('retry', HTMLButtonElement),
    receipt: byId('receipt', HTMLAnchorElement),
    'pay-page': byId('pay-page', HTMLAnchorElement),
    close: byId('close', HTMLButtonElement),
  };
  const setText = (selector: string, text: string) => {
    const element = section.querySelector(selector);
    if (element) element.textContent = text;
  };
  return {
    on: (action: Action, run: () => void) => actions[action].addEventListener('click', run),
    setReceipt: (url: string) => actions.receipt.setAttribute('href', url),
    hide: () => {
      document.title = subject;
      section.hidden = true;
    },
    /** `amount`: what was paid, as text. null: no amount is shown. */
    show: (
      { icon, title, text, short = title }: FrameText,
      offered: readonly Action[] = [],
      amount: string | null = null,
    ) => {
      document.title = icon === 'loading' ? subject : `${short} · ${subject}`;
      section.dataset.icon = icon;
      for (const badge of badges) badge.hidden = badge.dataset.icon !== icon;
      setText('h2', title);
      setText('.note', text);
      if (message?.textContent?.trim() === text.trim())
        section.querySelector('.note')?.replaceWith(message.cloneNode(true));
      setText('.amount', amount ?? '');
      setAmountWidth(paid, [amount ?? '']);
      paid.hidden = amount === null;
      for (const [name, element] of Object.entries(actions)) element.hidden = !offered.some((one) => one === name);
      section.hidden = false;
    },
    /** Moves the focus to the section, so that a screen reader reads it. */
    focus: () => section.focus(),
  };
}

/** Sets the width of the widest of these amounts for the style sheet, so that it fits into one line of `place`. */
function setAmountWidth(place: HTMLElement, amounts: readonly string[]): void {
  // An estimate: a character is at most as wide as 0.8 em on average.
  place.style.setProperty('--amount-ems', String(0.8 * Math.max(1, ...amounts.map(({ length }) => length))));
}

/** Sets the address of the links to the pay page. */
export function setPayUrl(url: string): void {
  for (const link of document.querySelectorAll('#elsewhere a, #pay-page')) link.setAttribute('href', url);
}

/**
 * Controls a line beside Stripe's form, in which a link or button leads away from the form. Calls `onLeave` when it is
 * pressed. Returns a function that shows or hides the line.
 */
export function leavingLine(id: 'elsewhere' | 'chosen', onLeave: () => void) {
  const line = byId(id, HTMLElement);
  line.querySelector('a, button')?.addEventListener('click', onLeave);
  return (shown: boolean) => {
    line.hidden = !shown;
  };
}

/**
 * Shows the amounts that an unclear text can mean, in place of those before. `onTap` gets the one that the buyer taps,
 * as text for the amount field.
 */
function showReadings(readings: readonly AmountReading[], onTap: (amount: string) => void): void {
  const place = byId('readings', HTMLElement);
  place.hidden = readings.length === 0;
  setAmountWidth(
    place,
    readings.map(({ text }) => text),
  );
  place.replaceChildren(
    ...readings.map(({ text, amount }) => {
      const button = Object.assign(document.createElement('button'), { type: 'button', className: 'pay quiet' });
      button.append(Object.assign(document.createElement('bdi'), { className: 'amount', textContent: text }));
      button.addEventListener('click', () => onTap(amount));
      return button;
    }),
  );
}

/** Controls the form that asks for the amount. `onAmount` gets it as typed. `empty`: the message if it is empty. */
export function chooseView(onAmount: (amount: string) => void, empty: string) {
  const title = byId('title', HTMLElement);
  const form = byId('choose', HTMLFormElement);
  const field = byId('amount', HTMLInputElement);
  const fault = byId('fault', HTMLElement);
  const button = form.querySelector<HTMLButtonElement>('[type=submit]');
  const [other, pay] = form.querySelectorAll<HTMLElement>('[type=submit] > span');
  const chips = [...form.querySelectorAll<HTMLInputElement>('[name=suggested]')];
  const describedBy = field.getAttribute('aria-describedby') ?? '';

  const setFault = (text: string, readings: readonly AmountReading[] = []) => {
    fault.textContent = text;
    showReadings(readings, (amount) => {
      field.value = amount;
      form.requestSubmit();
    });
    fault.hidden = text === '';
    field.ariaInvalid = text === '' ? null : 'true';
    field.setAttribute('aria-describedby', text === '' ? describedBy : `fault ${describedBy}`);
    field.closest('.money')?.classList.toggle('bad', text !== '');
    if (text !== '') field.focus();
  };
  /** Writes the chosen suggestion on the button. */
  const nameButton = () => {
    const amount = pay?.querySelector('bdi');
    const text = chips.find((chip) => chip.checked && chip.value !== '')?.nextElementSibling?.textContent;
    if (!other || !pay || !amount) return;
    amount.textContent = text ?? '';
    other.hidden = text !== undefined;
    pay.hidden = text === undefined;
  };
  for (const chip of chips) {
    chip.addEventListener('change', () => {
      field.value = chip.dataset.text ?? '';
      if (chip.dataset.text === undefined) field.focus();
      nameButton();
    });
  }
  field.addEventListener('input', () => {
    for (const chip of chips) chip.checked = chip.dataset.text === field.value;
    nameButton();
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (button?.ariaDisabled) return;
    setFault('');
    if (field.value.trim() === '') setFault(empty);
    else onAmount(field.value);
  });
  return {
    setFault,
    setBusy: (busy: boolean) => {
      // A disabled button would lose the focus.
      if (button) button.ariaDisabled = busy ? 'true' : null;
    },
    setShown: (shown: boolean) => {
      form.hidden = !shown;
      // Stripe's form shows the title itself. Screen readers still find the heading.
      title.classList.toggle('vh', !shown);
    },
    isShown: () => !form.hidden,
    focus: () => (chips.find((chip) => chip.checked) ?? chips[0] ?? field).focus(),
  };
}
