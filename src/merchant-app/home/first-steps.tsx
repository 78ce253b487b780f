import type { Child } from 'hono/jsx';
import { formatMoney } from '../../core/money/money.ts';
import type { Language } from '../language.ts';
import { curlOf } from '../pages/curl.tsx';
import { Icon, type IconName } from '../pages/icons.tsx';
import { Code } from '../pages/parts.tsx';
import type { ShellView } from '../pages/shell.tsx';
import { pathOf } from '../paths.ts';
import { tagOf } from '../time.ts';
import { checklistTexts } from './checklist-texts.ts';

const EXAMPLE = { en: { amountMinor: 5000, currency: 'GBP' }, de: { amountMinor: 5000, currency: 'EUR' } } as const;

/** How the money of a buyer comes to the merchant's bank. */
export function MoneyPath({ language }: { language: Language }): Child {
  const texts = checklistTexts[language];
  return (
    <section class="card stack">
      <h2>{texts.travels}</h2>
      <ol class="stack">
        <Stop
          icon="person"
          name={texts.buyer}
          does={texts.buyerPays(formatMoney(EXAMPLE[language], tagOf(language)))}
        />
        <Stop icon="lock" name="Stripe" does={texts.stripeTakes} />
        <Stop icon="bank" name={texts.bank} does={texts.bankGets} />
      </ol>
      <p class="soft">{texts.zero}</p>
    </section>
  );
}

function Stop({ icon, name, does }: { icon: IconName; name: string; does: string }): Child {
  return (
    <li class="media">
      <span class="mark">
        <Icon name={icon} />
      </span>
      <span>
        <strong>{name}</strong>
        <small>{does}</small>
      </span>
    </li>
  );
}

const FIRST_SESSION = {
  amount_cents: 4999,
  currency: 'gbp',
  description: 'Order #1042',
  success_url: 'https://example.com/thanks',
  cancel_url: 'https://example.com/basket',
};

/** A first request to the API that works once the key is in it. */
export function FirstRequest({ shell, publicUrl }: { shell: ShellView; publicUrl: string }): Child {
  const { language } = shell;
  const texts = checklistTexts[language];
  const code = curlOf(publicUrl, { method: 'POST', path: '/checkout-sessions', body: FIRST_SESSION });
  return (
    <section class="card stack">
      <div class="head">
        <h2>{texts.code}</h2>
        <a class="btn bare" href={pathOf(shell, 'developers/keys')}>
          <Icon name="key" />
          {texts.getKey}
        </a>
      </div>
      <p class="soft">{texts.codeText}</p>
      <Code language={language} id="first-request" label={texts.firstRequest} code={code} />
    </section>
  );
}
