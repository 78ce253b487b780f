/** An endpoint of which no answer is known is waited for so long, and one that takes longer than the other is slow. */
const UNKNOWN_MS = 100;
const SLOW_MS = 1_000;

/** What a run that goes on knows of its endpoints, as hints for other runs of the same isolate. */
export interface EndpointHints {
  /** Requests that are not answered yet: since when (unix ms), and whether their endpoint has been failing already. */
  readonly underWay: ReadonlyMap<
    unknown,
    { readonly endpointId: string; readonly since: number; readonly fails: boolean }
  >;
  /** How long (ms) the latest answer of an endpoint took. */
  readonly answers: ReadonlyMap<string, number>;
}

/**
 * The endpoints that other runs leave alone: those that keep one of their requests waiting for clearly longer than what they
 * have answered, and those that fail and have one under way. A burst to an endpoint that is well is no reason.
 */
export function slowEndpoints(runs: Iterable<EndpointHints>, now: number): string[] {
  const hints = [...runs];
  const pace = new Map<string, number>();
  for (const [id, ms] of hints.flatMap(({ answers }) => [...answers])) pace.set(id, Math.max(ms, pace.get(id) ?? 0));
  const waiting = hints.flatMap(({ underWay }) => [...underWay.values()]);
  const slow = waiting.filter(
    ({ endpointId, since, fails }) => fails || now - since >= patienceWith(pace.get(endpointId)),
  );
  return [...new Set(slow.map(({ endpointId }) => endpointId))];
}

function patienceWith(answeredIn: number | undefined): number {
  if (answeredIn === undefined || answeredIn >= SLOW_MS) return UNKNOWN_MS;
  return Math.min(SLOW_MS, UNKNOWN_MS + 3 * answeredIn);
}
