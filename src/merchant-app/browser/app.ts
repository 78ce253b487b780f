// The script of every page. Each works without it: it copies texts, prints, closes the open menu,
// sends a form once where it is tapped twice, and shows the preview of a link while the form is filled in.

const COPIED_MS = 2000;
const PREVIEW_MS = 250;
/** How long a form is not sent again. */
const SENT_MS = 5000;

async function copy(button: HTMLElement): Promise<void> {
  const source = document.getElementById(button.dataset.copy ?? '');
  const label = button.querySelector('span');
  if (!source || !label) return;
  await navigator.clipboard.writeText(source.textContent ?? '');
  const before = label.textContent;
  label.setAttribute('role', 'status');
  label.textContent = button.dataset.copied ?? before;
  setTimeout(() => {
    label.textContent = before;
  }, COPIED_MS);
}

addEventListener('click', ({ target }) => {
  if (!(target instanceof Element)) return;
  for (const menu of document.querySelectorAll<HTMLDetailsElement>('.ws[open]')) {
    if (!menu.contains(target)) menu.open = false;
  }
  const button = target.closest<HTMLElement>('[data-copy]');
  if (button) void copy(button);
});

addEventListener('keydown', ({ key }) => {
  if (key !== 'Escape') return;
  for (const menu of document.querySelectorAll<HTMLDetailsElement>('.ws[open]')) {
    menu.open = false;
    menu.querySelector('summary')?.focus();
  }
});

const sent = new WeakSet<HTMLFormElement>();

// The answer to a second tap would take the place of the first one, and with it of a secret that is shown once.
addEventListener('submit', (event) => {
  const { target, submitter } = event;
  if (!(target instanceof HTMLFormElement) || target.method !== 'post') return;
  // The preview is in a frame, and is shown again and again.
  if (submitter instanceof HTMLButtonElement && submitter.formTarget !== '') return;
  if (sent.has(target)) return event.preventDefault();
  sent.add(target);
  setTimeout(() => sent.delete(target), SENT_MS);
});

const form = document.querySelector<HTMLFormElement>('form[data-preview]');
let waiting: ReturnType<typeof setTimeout> | undefined;
let shown = 0;

/**
 * Sends the form to a new frame, which takes the place of the old one once it is loaded: so nothing flickers, and the way back does
 * not lead through all that was typed. The button does the same without scripts, so that nothing is done twice.
 */
function showPreview(button: HTMLButtonElement): void {
  const [old] = document.getElementsByTagName('iframe');
  if (!old) return;
  const fresh = document.createElement('iframe');
  fresh.title = old.title;
  fresh.setAttribute('sandbox', '');
  shown += 1;
  fresh.name = `preview-${shown}`;
  fresh.className = 'next';
  old.after(fresh);
  fresh.addEventListener('load', () => {
    if (!fresh.isConnected) return;
    for (const other of [...document.getElementsByTagName('iframe')]) if (other !== fresh) other.remove();
    fresh.className = '';
  });
  button.formTarget = fresh.name;
  button.click();
}

function showPreviewSoon(): void {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    const button = form?.querySelector<HTMLButtonElement>('button[data-show-preview]');
    if (button) showPreview(button);
  }, PREVIEW_MS);
}

form?.addEventListener('input', ({ target }) => {
  if (target instanceof HTMLInputElement) matchColours(target);
  showPreviewSoon();
});

function isFilledIn(field: Element): boolean {
  if (field instanceof HTMLSelectElement)
    return [...field.options].some((option) => option.selected !== option.defaultSelected);
  if (field instanceof HTMLInputElement && field.checked !== field.defaultChecked) return true;
  return (
    (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) && field.value !== field.defaultValue
  );
}

// What was typed before this script had loaded, or what the browser has put back into the fields.
if (form && [...form.elements].some(isFilledIn)) showPreviewSoon();

/** Gives a colour's text what was picked, and its picker what was typed. */
function matchColours(changed: HTMLInputElement): void {
  const text = document.getElementById(changed.dataset.colourOf ?? '');
  if (text instanceof HTMLInputElement) text.value = changed.value;
  const picker = document.querySelector<HTMLInputElement>(`[data-colour-of="${changed.id}"]`);
  if (picker) picker.value = /^#[0-9a-f]{6}$/i.test(changed.value) ? changed.value : picker.defaultValue;
}

addEventListener('click', ({ target }) => {
  if (target instanceof Element && target.closest('[data-print]')) print();
});
