const WINDOW_MS = 60_000;
const VISITOR_LIMIT = 30;
/**
 * How many tries a minute a link takes from visitors of each kind. Where visitors can prove to be human they are asked to
 * from 60 on.
 */
const LINK_LIMITS = { unavailable: 300, missing: 60, offered: 60, given: 300 } as const;
/** Visitors remembered at once: a flood of addresses must not fill the memory. */
const MAX_VISITORS = 10_000;

/**
 * Whether the visitor has proven to be human: `unavailable` where the operator has set up no way to, `offered` where a
 * proof was sent that nobody has verified yet.
 */
export type HumanProof = keyof typeof LINK_LIMITS;

interface Window {
  startedAt: number;
  count: number;
}

interface VisitorWindow extends Window {
  /** Tries whose proof had to be verified: each is a call to somebody else. */
  offered: number;
}

/** Fixed windows of one minute: 30 tries for a visitor, 300 for the link. In memory only: a restart forgets a minute. */
export class VisitorWindows {
  readonly #visitors = new Map<string, VisitorWindow>();
  #link: Window = { startedAt: 0, count: 0 };

  /**
   * null: counted. Else how long to wait; `crowded` where the link and not this visitor is the reason. An `offered` proof is
   * to be verified then, which a visitor gets 30 times a minute.
   */
  count(visitor: string, proof: HumanProof, now: number): { retryAfterSeconds: number; crowded: boolean } | null {
    if (isOver(this.#link, now)) {
      this.#link = { startedAt: now, count: 0 };
      for (const [known, window] of this.#visitors) if (isOver(window, now)) this.#visitors.delete(known);
    }
    const own = this.#own(visitor, now);
    if (own.count >= VISITOR_LIMIT) return { retryAfterSeconds: secondsLeft(own, now), crowded: false };
    const linkLimit = LINK_LIMITS[proof];
    if (this.#link.count >= linkLimit) {
      if (proof === 'offered') {
        if (own.offered >= VISITOR_LIMIT) return { retryAfterSeconds: secondsLeft(own, now), crowded: false };
        own.offered += 1;
      }
      return { retryAfterSeconds: secondsLeft(this.#link, now), crowded: true };
    }
    own.count += 1;
    this.#link.count += 1;
    return null;
  }

  #own(visitor: string, now: number): VisitorWindow {
    const known = this.#visitors.get(visitor);
    if (known && !isOver(known, now)) return known;
    // Those who are too many to be remembered one by one share a window.
    const name = known || this.#visitors.size < MAX_VISITORS ? visitor : 'the rest';
    const shared = name === visitor ? undefined : this.#visitors.get(name);
    if (shared && !isOver(shared, now)) return shared;
    const opened = { startedAt: now, count: 0, offered: 0 };
    this.#visitors.set(name, opened);
    return opened;
  }
}

function isOver(window: Window, now: number): boolean {
  return now >= window.startedAt + WINDOW_MS;
}

function secondsLeft(window: Window, now: number): number {
  return Math.max(1, Math.ceil((window.startedAt + WINDOW_MS - now) / 1000));
}
