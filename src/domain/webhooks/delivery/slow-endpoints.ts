/** How long (ms) an endpoint may take before it counts as slow: where it has not answered yet, and at most. */
const UNKNOWN_MS = 100;
const SLOW_MS = 1_000;

/** What an unfinished run has seen of its endpoints, as hints for other runs of the same isolate. */
export interface EndpointHints {
  /** Requests that are not answered yet: since when (unix ms), and whether their endpoint was failing before. */
  readonly underWay: ReadonlyMap<
    unknown,
    { readonly endpointId: string; readonly since: number; readonly fails: boolean }
  >;
  /** How long (ms) the latest answer of each endpoint took, by endpoint id. */
  readonly answers: ReadonlyMap<string, number>;
}

/**
 * The ids of endpoints that other runs send nothing to: those with a request that waits clearly longer than their answers took,
 * and failing ones with any request that waits. Many requests to an endpoint that answers well are no reason.
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
