import type { Child } from 'hono/jsx';
import type { Language } from '../language.ts';
import { Day } from '../pages/day.tsx';
import { browserText } from './browser-text.ts';
import { PasskeyForm } from './passkey-form.tsx';
import { passkeyTexts } from './passkey-texts.ts';
import type { OwnPasskey } from './passkeys.ts';

interface PasskeysView {
  readonly language: Language;
  readonly passkeys: readonly OwnPasskey[];
}

/** The passkeys of a person, each with a button that removes it, and a button that adds one. */
export function PasskeyList({ language, passkeys }: PasskeysView): Child {
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
            <PasskeyItem language={language} passkey={passkey} />
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

function PasskeyItem({ language, passkey }: { language: Language; passkey: OwnPasskey }): Child {
  const texts = passkeyTexts[language];
  const { id, browser, keptBy, createdAt } = passkey;
  const name = browser ? browserText(language, browser) : texts.unnamed;
  return (
    <li>
      <div>
        <strong>{name}</strong>
        <small>
          {keptBy !== null && `${texts.keptBy(keptBy)} · `}
          {texts.added} <Day language={language} date={createdAt} />
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
