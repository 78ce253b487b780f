/**
 * The script of the pay page, which works without it. Choosing a suggestion fills the amount field and writes the amount
 * on the button; typing another amount unselects the suggestion. A double click sends the form once.
 */

/** For how long the button is disabled after a submit, unless the buyer comes back before. */
const DISABLED_MS = 8_000;

const form = document.querySelector('form');
const button = form?.querySelector<HTMLButtonElement>('.pay');
if (form && button) {
  const field = form.querySelector<HTMLInputElement>('[name=amount]');
  const suggestions = [...form.querySelectorAll<HTMLInputElement>('[name=suggested]')];
  sendOnce(form, button);
  if (field && suggestions.length > 0) connectAmount(field, suggestions, button);
}

/**
 * Disables the button after a submit. A page that the browser has kept and shows again after a submit is loaded anew: the
 * form may be paid by then.
 */
function sendOnce(form: HTMLFormElement, button: HTMLButtonElement): void {
  let isSent = false;
  const setDisabled = (disabled: boolean) => {
    button.disabled = disabled;
  };
  form.addEventListener('submit', () => {
    isSent = true;
    // Later than the event, so that the form is on its way.
    setTimeout(() => {
      setDisabled(true);
      setTimeout(() => setDisabled(false), DISABLED_MS);
    });
  });
  addEventListener('pageshow', ({ persisted }) => {
    setDisabled(false);
    if (persisted && isSent) location.reload();
  });
}

/** Keeps the amount field, the suggestions and the text of the button in step. */
function connectAmount(
  field: HTMLInputElement,
  suggestions: readonly HTMLInputElement[],
  button: HTMLButtonElement,
): void {
  for (const suggestion of suggestions) {
    suggestion.addEventListener('change', () => {
      field.value = suggestion.dataset.text ?? '';
      if (suggestion.value === '') field.focus();
      nameAmount(button, suggestions);
    });
  }
  field.addEventListener('input', () => {
    for (const suggestion of suggestions) suggestion.checked = suggestion.dataset.text === field.value;
    nameAmount(button, suggestions);
  });
  // The browser may have chosen again what the buyer had chosen before.
  addEventListener('pageshow', () => nameAmount(button, suggestions));
}

/** Writes the amount of the chosen suggestion on the button, or shows the button's text without an amount. */
function nameAmount(button: HTMLButtonElement, suggestions: readonly HTMLInputElement[]): void {
  const [plain, withAmount] = button.querySelectorAll<HTMLElement>(':scope > span');
  const amount = withAmount?.querySelector('bdi');
  if (!plain || !withAmount || !amount) return;
  const chosen = suggestions.find(({ checked, value }) => checked && value !== '');
  plain.hidden = chosen !== undefined;
  withAmount.hidden = chosen === undefined;
  if (chosen) amount.textContent = chosen.nextElementSibling?.textContent ?? '';
}
