import type { Child } from 'hono/jsx';
import { formatMoney, rulesOf } from '../../core/money/money.ts';
import type { CurrencyTotals } from '../../domain/payments/totals.ts';
import type { Language } from '../language.ts';
import { Icon } from '../pages/icons.tsx';
import { Amount } from '../pages/parts.tsx';
import type { ShellView } from '../pages/shell.tsx';
import { Cell, Row, Table } from '../pages/table.tsx';
import { pathOf } from '../paths.ts';
import { shortDayText, tagOf } from '../time.ts';
import { axisTop, barsOf } from './chart-shape.ts';
import { homeScreenTexts } from './texts.ts';
import { currencyName } from './totals-tiles.tsx';

/** The height of the chart, in pixels. */
const HEIGHT = 140;

interface ChartView {
  readonly shell: ShellView;
  readonly totals: readonly CurrencyTotals[];
  /** The one that the chart shows. */
  readonly charted: CurrencyTotals;
}

/** What came in on each of 30 days in one currency, as a chart and as a table, and the way to the other currencies. */
export function ChartCard({ shell, totals, charted }: ChartView): Child {
  const { language } = shell;
  const texts = homeScreenTexts[language];
  const { currency, all } = charted;
  const sum = formatMoney({ amountMinor: all.paidMinor, currency }, tagOf(language));
  return (
    <section class="card stack">
      <div class="head">
        <div>
          <h2>{texts.chart}</h2>
          <p class="soft">
            {texts.chartSum(sum, all.count)} {texts.minuteOld} {texts.whichDay}
          </p>
        </div>
        {totals.length > 1 && <Currencies shell={shell} totals={totals} charted={charted} />}
      </div>
      <Chart language={language} totals={charted} />
      <details>
        <summary>
          {texts.asTable}
          <span class="chev">
            <Icon name="down" size={18} />
          </span>
        </summary>
        <DayTable language={language} totals={charted} />
      </details>
    </section>
  );
}

function Currencies({ shell, totals, charted }: ChartView): Child {
  return (
    <nav class="seg" aria-label={homeScreenTexts[shell.language].currencies}>
      {totals.map(({ currency }) => (
        <a
          href={`${pathOf(shell, 'home')}?currency=${currency}`}
          aria-current={currency === charted.currency ? 'true' : undefined}
        >
          {currency}
        </a>
      ))}
    </nav>
  );
}

interface TotalsView {
  readonly language: Language;
  readonly totals: CurrencyTotals;
}

function Chart({ language, totals: { currency, days, today } }: TotalsView): Child {
  const texts = homeScreenTexts[language];
  const amounts = days.map(({ paidMinor }) => paidMinor);
  const highest = Math.max(...amounts);
  const top = axisTop(highest, rulesOf(currency).exponent);
  const bars = barsOf(amounts, top, HEIGHT);
  const money = (amountMinor: number, ...decimals: [] | [0]) =>
    formatMoney({ amountMinor, currency }, tagOf(language), ...decimals);
  const name = currencyName(language, currency);
  const dates = days.map(({ date }) => shortDayText(language, date));
  return (
    <div class="plot">
      <div class="axis" aria-hidden="true">
        {[top, top / 2, 0].map((amount) => (
          <span class="num">{money(amount, 0)}</span>
        ))}
      </div>
      <svg
        class="chart"
        width="100%"
        height={HEIGHT}
        role="img"
        aria-label={texts.chartLabel(name, money(highest), money(today.paidMinor))}
      >
        {[0.5, HEIGHT / 2, HEIGHT - 0.5].map((y) => (
          <line x1="0" x2="100%" y1={y} y2={y} />
        ))}
        {bars.map(({ x, width, y, height }, index) => (
          <rect x={`${x}%`} width={`${width}%`} y={y} height={height} rx="2">
            <title>{`${dates[index]}: ${money(amounts[index] ?? 0)}`}</title>
          </rect>
        ))}
      </svg>
      <div class="days" aria-hidden="true">
        <span>{dates[0]}</span>
        <span>{dates[Math.floor(dates.length / 2)]}</span>
        <span>{texts.axisToday}</span>
      </div>
    </div>
  );
}

/** The days, the newest first. */
function DayTable({ language, totals: { currency, days } }: TotalsView): Child {
  const texts = homeScreenTexts[language];
  const { columns } = texts;
  const caption = texts.byDay(currencyName(language, currency));
  const amount = (amountMinor: number) => <Amount language={language} money={{ amountMinor, currency }} />;
  return (
    // biome-ignore lint/a11y/useSemanticElements: it scrolls, so the keyboard reaches it.
    <div class="scroll" tabindex={0} role="region" aria-label={caption}>
      <Table
        caption={caption}
        columns={[
          { text: columns.day, kind: 'a' },
          { text: columns.payments, kind: 'soft' },
          { text: columns.refunded, kind: 'e soft' },
          { text: columns.cameIn, kind: 'z' },
        ]}
      >
        {[...days].reverse().map(({ date, count, refundedMinor, paidMinor }) => (
          <Row>
            <Cell kind="a">{shortDayText(language, date)}</Cell>
            <Cell kind="soft" label={columns.payments}>
              {count}
            </Cell>
            <Cell kind="e soft" label={columns.refunded}>
              {amount(refundedMinor)}
            </Cell>
            <Cell kind="z">{amount(paidMinor)}</Cell>
          </Row>
        ))}
      </Table>
    </div>
  );
}
