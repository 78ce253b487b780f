import { vi } from 'vitest';

export interface Receivers {
  /** How many requests each URL has received. */
  readonly received: Map<string, number>;
  /** The most requests that were under way at once: in all, and to any one URL. */
  readonly most: { inAll: number; toOne: number };
  /** Lets every request that hangs run into its time limit; later ones do at once. */
  timeOut(): void;
}

/**
 * Receivers that stand in for the network: the URLs of `hanging` never answer, of the rest each answers 200, or what
 * `answer` says. Undone by `restoreAllMocks`.
 */
export function playReceivers(
  hanging: readonly string[],
  answer: (url: string) => Promise<Response> = async () => new Response('{}'),
): Receivers {
  const received = new Map<string, number>();
  const underWay = new Map<string, number>();
  const most = { inAll: 0, toOne: 0 };
  const limit = Promise.withResolvers<never>();
  limit.promise.catch(() => undefined);
  const count = (url: string, change: number) => {
    underWay.set(url, (underWay.get(url) ?? 0) + change);
    const counts = [...underWay.values()];
    most.inAll = Math.max(
      most.inAll,
      counts.reduce((sum, one) => sum + one, 0),
    );
    most.toOne = Math.max(most.toOne, ...counts);
  };
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input) => {
    const url = String(input);
    received.set(url, (received.get(url) ?? 0) + 1);
    count(url, 1);
    try {
      return await (hanging.includes(url) ? limit.promise : answer(url));
    } finally {
      count(url, -1);
    }
  });
  return { received, most, timeOut: () => limit.reject(new DOMException('The time is over.', 'TimeoutError')) };
}
