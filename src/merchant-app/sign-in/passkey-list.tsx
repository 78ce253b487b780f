import type { Child } from 'hono/jsx';
import { When } from '../pages/parts.tsx';
import type { Clock } from '../time.ts';
import { browserText } from './browser-text.ts';
import { PasskeyForm } from './passkey-form.tsx';
import { passkeyTexts } from './passkey-texts.ts';
import type { OwnPasskey } from './passkeys.ts';

interface PasskeysView {
  readonly clock: Clock;
  readonly passkeys: readonly OwnPasskey[];
}

/** The passkeys of a person, each with a button that removes it, and a button that adds one. */
export function PasskeyList({ clock, passkeys }: PasskeysView): Child {
  const { language } = clock;
  const texts = passkeyTexts[language];
  return (
    <section class="card flush" aria-labelledby="passkeys">
      <div class="pad stack tight">
        <h2 id="passkeys">{texts.passkeys}</h2>
        <p class="soft">{texts.explained}</p>
      </div>
      {passkeys.length > 0 && (
        <ul class="list">
          {passkeys.map((passkey) => (
            <PasskeyItem clock={clock} passkey={passkey} />
          ))}
        </ul>
      )}
      <div class="pad foot row">
        <PasskeyForm language={language} kind="create" action="/app/passkeys" label={texts.add} fault={null} />
        <p class="soft" data-without-passkeys>
          {texts.withoutScript}
        </p>
      </div>
    </section>
  );
}

function PasskeyItem({ clock, passkey }: { clock: Clock; passkey: OwnPasskey }): Child {
  const { language } = clock;
  const texts = passkeyTexts[language];
  const { id, browser, keptBy, createdAt } = passkey;
  const name = browser ? browserText(language, browser) : texts.unnamed;
  return (
    <li>
      <div>
        <strong>{name}</strong>
        <small>
          {keptBy !== null && `${texts.keptBy(keptBy)} · `}
          {texts.added} <When clock={clock} at={createdAt.getTime()} day />
        </small>
      </div>
      <form action={`/app/passkeys/${id}/remove`} method="post">
        <button class="btn bare bad" type="submit" aria-label={texts.removeOf(name)}>
          {texts.remove}
        </button>
      </form>
    </li>
  );
}
