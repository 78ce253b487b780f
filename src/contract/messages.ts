/** A message between the widget and its frame, as it was read. `name` is without the prefix `payments.`. */
type Message = readonly [name: string, data: Readonly<Record<string, unknown>>];

/** The properties of a MessageEvent that `readMessage` checks. */
interface Posted {
  readonly origin: string;
  readonly source: unknown;
  // biome-ignore lint/suspicious/noExplicitAny: as the DOM has it; all of it is checked
  readonly data: any;
}

/** Makes the message that `postMessage` sends between the widget and its frame. */
export function messageOf(name: string, data: object = {}) {
  return { source: 'softsolz', type: `payments.${name}`, data };
}

/**
 * Reads a message that was made with `messageOf`. Returns null for any other message, and for one that was not sent
 * from the window `ownSource` by a page of `ownOrigin`, because any page can post to any window.
 */
export function readMessage({ origin, source, data }: Posted, ownOrigin: string, ownSource: unknown): Message | null {
  if (!source || source !== ownSource || origin !== ownOrigin || data?.source !== 'softsolz') return null;
  return [String(data.type).slice(9), data.data ?? {}];
}
