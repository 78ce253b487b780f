import type { Child } from 'hono/jsx';
import type { Language } from '../language.ts';
import { Icon } from '../pages/icons.tsx';
import { passkeyTexts } from './passkey-texts.ts';

/** The script of the pages that have such a form. */
export const PASSKEY_SCRIPT = '/app/passkeys.js';

interface PasskeyFormView {
  readonly language: Language;
  /** `create`: adds a passkey. `get`: uses one. */
  readonly kind: 'create' | 'get';
  /** Where the passkey's answer is sent to. What the passkey is asked comes from `/options` below it. */
  readonly action: string;
  readonly label: string;
  /** The path that the form leads to. Not set: the route knows. */
  readonly to?: string;
  /** Why the form was refused. null: it was not. */
  readonly fault: string | null;
}

/** A form that is sent with the answer of a passkey. It stays hidden where a browser has no script or no passkeys. */
export function PasskeyForm({ language, kind, action, label, to, fault }: PasskeyFormView): Child {
  const { cancelled, failed, present, tooOften } = passkeyTexts[language];
  return (
    <form
      class="tight"
      action={action}
      method="post"
      hidden
      data-passkey={kind}
      data-cancelled={cancelled}
      data-failed={failed}
      data-present={present}
      data-too-often={tooOften}
    >
      <input type="hidden" name="credential" />
      {to !== undefined && <input type="hidden" name="to" value={to} />}
      <button class="btn" type="submit">
        <Icon name="passkey" />
        {label}
      </button>
      <p class="error bad" role="alert">
        {fault}
      </p>
    </form>
  );
}
