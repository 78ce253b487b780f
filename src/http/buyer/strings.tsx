import type { Child } from 'hono/jsx';
import type { en } from './locales/en.ts';

/** The texts of the pay page and the widget in one language. Every language has the same texts as English. */
export type Strings = typeof en;

/** Why a page takes no payment. `processing`: the buyer's own payment is being processed, and no other is taken. */
export type ClosedReason = keyof Strings['closed'] | 'processing';

/** The result of a payment, as the page after Checkout shows it. */
export type DoneStatus = keyof Strings['done'];

/** Replaces each `{name}` in a text by its value, for plain text. A `{name}` without a value stays as it is. */
export function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (name, key: string) => values[key] ?? name);
}

/** The values that are amounts of money: none of them breaks in the middle. */
const AMOUNTS = ['amount', 'example'];

/**
 * Replaces each `{name}` in a text by its value, for a page. Each value is in a `<bdi>`, so that its text direction
 * does not change the text around it. Those of `{amount}` and `{example}` stand on one line. A full stop right after a
 * value that ends in one is left out ("Example Inc."). A `{name}` without a value stays as it is.
 */
export function say(template: string, values: Readonly<Record<string, string>>): Child[] {
  let endsInStop = false;
  return template.split(/(\{\w+\})/).map((part) => {
    const name = part.startsWith('{') ? part.slice(1, -1) : '';
    const value = values[name];
    const text = endsInStop && part.startsWith('.') ? part.slice(1) : part;
    endsInStop = value !== undefined && /\.[\u200e\u200f]*$/.test(value);
    return value === undefined ? text : <bdi class={AMOUNTS.includes(name) ? 'amount' : undefined}>{value}</bdi>;
  });
}
