import type { Child } from 'hono/jsx';
import type { CurrencyTotals } from '../../domain/payments/totals.ts';
import type { Language } from '../language.ts';
import { Amount, Empty } from '../pages/parts.tsx';
import { tagOf } from '../time.ts';
import { homeScreenTexts } from './texts.ts';

interface TilesView {
  readonly language: Language;
  readonly totals: readonly CurrencyTotals[];
}

/** What came in today and in 30 days, each currency by itself. */
export function TotalsTiles({ language, totals }: TilesView): Child {
  const texts = homeScreenTexts[language];
  if (totals.length === 0) {
    return (
      <section class="card flush">
        <Empty title={texts.nothing} text={texts.nothingText} />
      </section>
    );
  }
  return (
    <div class="cols">
      {totals.map((one) => (
        <Tile language={language} totals={one} />
      ))}
    </div>
  );
}

function Tile({ language, totals: { currency, today, all } }: { language: Language; totals: CurrencyTotals }): Child {
  const texts = homeScreenTexts[language];
  const amount = (amountMinor: number) => <Amount language={language} money={{ amountMinor, currency }} />;
  return (
    <section class="card stack tight">
      <h2>{currencyName(language, currency)}</h2>
      <p class="big">{amount(today.paidMinor)}</p>
      <p class="soft">{texts.today(today.count)}</p>
      <hr />
      <dl class="sums">
        <dt>{texts.days(all.count)}</dt>
        <dd>{amount(all.paidMinor)}</dd>
        <dt>{texts.refunded}</dt>
        <dd>{amount(all.refundedMinor)}</dd>
      </dl>
    </section>
  );
}

/** A currency as people call it: "British Pound". `currency`: its upper-case code. */
export function currencyName(language: Language, currency: string): string {
  return new Intl.DisplayNames(tagOf(language), { type: 'currency' }).of(currency) ?? currency;
}
