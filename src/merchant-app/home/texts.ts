import { inLanguages } from '../language.ts';

interface HomeTexts {
  readonly title: string;
  readonly newLink: string;
  readonly attention: string;
  readonly nothing: string;
  readonly nothingText: string;
  readonly today: (count: number) => string;
  readonly days: (count: number) => string;
  readonly refunded: string;
  readonly chart: string;
  readonly chartSum: (amount: string, count: number) => string;
  readonly minuteOld: string;
  readonly whichDay: string;
  readonly currencies: string;
  readonly chartLabel: (currency: string, highest: string, today: string) => string;
  readonly axisToday: string;
  readonly asTable: string;
  readonly byDay: (currency: string) => string;
  readonly columns: Readonly<Record<'day' | 'payments' | 'refunded' | 'cameIn', string>>;
  readonly latest: string;
  readonly allPayments: string;
}

const inEnglish = (count: number) => `${count.toLocaleString('en-GB')} ${count === 1 ? 'payment' : 'payments'}`;
const inGerman = (count: number) => `${count.toLocaleString('de-DE')} ${count === 1 ? 'Zahlung' : 'Zahlungen'}`;

/** The first screen of a workspace, once there are payments. */
export const homeScreenTexts = inLanguages<HomeTexts>({
  en: {
    title: 'Home',
    newLink: 'New link',
    attention: 'Needs attention',
    nothing: 'Nothing came in in the last 30 days',
    nothingText: 'Older payments are in the list of payments.',
    today: (count) => `Today, ${inEnglish(count)}`,
    days: (count) => `30 days, ${inEnglish(count)}`,
    refunded: 'Refunded in 30 days',
    chart: 'Last 30 days',
    chartSum: (amount, count) => `${amount} in ${inEnglish(count)}.`,
    minuteOld: 'Counted at most a minute ago.',
    whichDay: 'A payment counts on the day on which the buyer began to pay.',
    currencies: 'Currency of the chart',
    chartLabel: (currency, highest, today) =>
      `What came in on each of the last 30 days, ${currency}. The most on one day: ${highest}. Today: ${today}.`,
    axisToday: 'Today',
    asTable: 'The same as a table',
    byDay: (currency) => `What came in by day, ${currency}`,
    columns: { day: 'Day', payments: 'Payments', refunded: 'Refunded', cameIn: 'Came in' },
    latest: 'Latest payments',
    allPayments: 'All payments',
  },
  de: {
    title: 'Start',
    newLink: 'Neuer Link',
    attention: 'Braucht Ihre Aufmerksamkeit',
    nothing: 'In den letzten 30 Tagen kam nichts herein',
    nothingText: 'Ältere Zahlungen stehen in der Liste der Zahlungen.',
    today: (count) => `Heute, ${inGerman(count)}`,
    days: (count) => `30 Tage, ${inGerman(count)}`,
    refunded: 'Erstattet in 30 Tagen',
    chart: 'Die letzten 30 Tage',
    chartSum: (amount, count) => `${amount} in ${inGerman(count)}.`,
    minuteOld: 'Vor höchstens einer Minute gezählt.',
    whichDay: 'Eine Zahlung zählt an dem Tag, an dem der Käufer zu bezahlen begann.',
    currencies: 'Währung des Diagramms',
    chartLabel: (currency, highest, today) =>
      `Was an jedem der letzten 30 Tage hereinkam, ${currency}. Am meisten an einem Tag: ${highest}. Heute: ${today}.`,
    axisToday: 'Heute',
    asTable: 'Dasselbe als Tabelle',
    byDay: (currency) => `Was an jedem Tag hereinkam, ${currency}`,
    columns: { day: 'Tag', payments: 'Zahlungen', refunded: 'Erstattet', cameIn: 'Eingegangen' },
    latest: 'Neueste Zahlungen',
    allPayments: 'Alle zeigen',
  },
});
