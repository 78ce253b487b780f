/**
 * The script of the pages that use passkeys. It shows each form with `data-passkey`, and hides what is said to browsers that
 * have none.
 *
 * When such a form is sent, the script requests what to hand to the passkey from `/options` below the form's address, lets
 * the browser use the passkey (`get`) or make one (`create`), and sends the form with its answer. What goes wrong before
 * that is written into the form.
 */
const hasPasskeys =
  'PublicKeyCredential' in window &&
  'parseCreationOptionsFromJSON' in PublicKeyCredential &&
  'parseRequestOptionsFromJSON' in PublicKeyCredential;

/** True while the browser shows its own dialog for a passkey: it has one at a time. */
let isBusy = false;

if (hasPasskeys) {
  for (const sentence of document.querySelectorAll<HTMLElement>('[data-without-passkeys]')) sentence.hidden = true;
  for (const form of document.querySelectorAll<HTMLFormElement>('[data-passkey]')) prepare(form);
}

function prepare(form: HTMLFormElement): void {
  form.hidden = false;
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (isBusy) return;
    isBusy = true;
    say(form, '');
    await send(form).catch((error) => say(form, faultText(form, error)));
    isBusy = false;
  });
}

async function send(form: HTMLFormElement): Promise<void> {
  const answer = await fetch(`${form.action}/options`, { method: 'POST' });
  // Signed out, or signed in too long ago: the page that confirms leads on from both.
  if (answer.redirected || answer.status === 403) {
    location.assign(`/app/confirm?to=${encodeURIComponent(location.pathname)}`);
    return;
  }
  if (!answer.ok) return say(form, answer.status === 429 ? form.dataset.tooOften : form.dataset.failed);
  const credential = await usePasskey(form, await answer.json());
  const field = form.querySelector<HTMLInputElement>('[name=credential]');
  if (!field || !(credential instanceof PublicKeyCredential)) return say(form, form.dataset.failed);
  field.value = JSON.stringify(credential.toJSON());
  form.submit();
}

type OptionsJson = PublicKeyCredentialCreationOptionsJSON & PublicKeyCredentialRequestOptionsJSON;

function usePasskey(form: HTMLFormElement, options: OptionsJson): Promise<Credential | null> {
  return form.dataset.passkey === 'create'
    ? navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
    : navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
}

/** Browsers say no more than this, so that a page does not learn which passkeys somebody has. */
function faultText({ dataset }: HTMLFormElement, error: unknown): string | undefined {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError') return dataset.cancelled;
  return name === 'InvalidStateError' ? dataset.present : dataset.failed;
}

/** Writes into the form what a screen reader then reads aloud. */
function say(form: HTMLFormElement, text: string | undefined): void {
  const place = form.querySelector('[role=alert]');
  if (place) place.textContent = text ?? '';
}
