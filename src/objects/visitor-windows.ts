const WINDOW_MS = 60_000;
const VISITOR_LIMIT = 30;
/**
 * How many tries of a link in a minute, by all visitors together, a visitor with this proof may be one of. Where
 * visitors can prove that they are human, they must do so from the 61st try on.
 */
const LINK_LIMITS = { unavailable: 300, missing: 60, offered: 60, given: 300 } as const;
/** How many visitors are remembered at once: a flood of addresses must not fill the memory. */
const MAX_VISITORS = 10_000;

/**
 * Whether the visitor has proved to be human. `unavailable`: the operator has set up no way to prove it. `missing`: no
 * proof was sent. `offered`: a proof was sent that is not verified yet. `given`: the proof was verified.
 */
export type HumanProof = keyof typeof LINK_LIMITS;

interface Window {
  startedAt: number;
  count: number;
}

interface VisitorWindow extends Window {
  /** Tries whose proof had to be verified: each is a call to Cloudflare Turnstile. */
  offered: number;
}

/** Counts tries to pay by one link: 30 a minute for a visitor, 300 for all together. In memory only: a restart forgets them. */
export class VisitorWindows {
  readonly #visitors = new Map<string, VisitorWindow>();
  #link: Window = { startedAt: 0, count: 0 };

  /**
   * Counts a try. null: the visitor may pass. Else the visitor must wait; `crowded`: because of all visitors together,
   * not of this one alone. Where `crowded`, the caller may verify an `offered` proof and count again, 30 times a minute
   * for each visitor.
   */
  count(visitor: string, proof: HumanProof, now: number): { retryAfterSeconds: number; crowded: boolean } | null {
    if (isOver(this.#link, now)) {
      this.#link = { startedAt: now, count: 0 };
      for (const [name, window] of this.#visitors) if (isOver(window, now)) this.#visitors.delete(name);
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
    const present = this.#visitors.get(visitor);
    if (present && !isOver(present, now)) return present;
    // Visitors above the maximum are counted together.
    const name = present || this.#visitors.size < MAX_VISITORS ? visitor : 'the rest';
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
