/** A message of our frame: its name without `payments.`, and its data. */
export type Message = readonly [name: string, data: Readonly<Record<string, unknown>>];

/** As much of a MessageEvent as is judged. */
export interface Posted {
  readonly origin: string;
  readonly source: unknown;
  // biome-ignore lint/suspicious/noExplicitAny: as the DOM has it; nothing of it is believed
  readonly data: any;
}

/**
 * The message, where it comes from `origin` **and** from the window `source`, in the form
 * `{source: 'softsolz', type: 'payments.<name>', data}`; else null. Any page can post to any window.
 */
export function readMessage({ origin, source, data }: Posted, ownOrigin: string, ownSource: unknown): Message | null {
  if (!source || source !== ownSource || origin !== ownOrigin || data?.source !== 'softsolz') return null;
  return [String(data.type).slice(9), data.data ?? {}];
}

/** What the page says to our frame. */
export function messageOf(name: string) {
  return { source: 'softsolz', type: `payments.${name}`, data: {} };
}
