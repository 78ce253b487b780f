/** How long (ms) a request may wait before its endpoint counts as slow: from `UNKNOWN_MS` up to `SLOW_MS`. */
const UNKNOWN_MS = 100;
const SLOW_MS = 1_000;

/** What an unfinished delivery run has seen of its endpoints, for other runs in the same isolate. */
export interface EndpointHints {
  /** Unanswered requests. `since`: when the request began, unix ms. `fails`: its endpoint was failing before. */
  readonly underWay: ReadonlyMap<
    unknown,
    { readonly endpointId: string; readonly since: number; readonly fails: boolean }
  >;
  /** How long (ms) the latest answer of each endpoint took, by endpoint id. */
  readonly answers: ReadonlyMap<string, number>;
}

/**
 * The ids of endpoints to which other runs send nothing: endpoints with a request that has waited clearly longer than
 * the endpoint's latest answer took, and failing endpoints with any unanswered request.
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
