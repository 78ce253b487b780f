// The script of every screen of a workspace. Each screen works without it: it copies texts, closes the open menu, and shows the
// preview of a link while the form is filled in.
const COPIED_MS = 2000;
const PREVIEW_MS = 250;
async function copy(button) {
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
  for (const menu of document.querySelectorAll('.ws[open]')) {
    if (!menu.contains(target)) menu.open = false;
  }
  const button = target.closest('[data-copy]');
  if (button) void copy(button);
});
addEventListener('keydown', ({ key }) => {
  if (key !== 'Escape') return;
  for (const menu of document.querySelectorAll('.ws[open]')) {
    menu.open = false;
    menu.querySelector('summary')?.focus();
  }
});
const form = document.querySelector('form[data-preview]');
let waiting;
form?.addEventListener('input', () => {
  clearTimeout(waiting);
  // The form is sent to the frame by the button that does the same without scripts, so that nothing is done twice.
  waiting = setTimeout(() => form.querySelector('button[data-show-preview]')?.click(), PREVIEW_MS);
});
