import pMap from 'p-map';
import { nextAttemptAt } from '../../../core/retry-schedule.ts';
import type { Database, Statement } from '../../../db/client.ts';
import { type ClaimedDelivery, claimDeliveries, type LeftDelivery } from '../../../db/delivery-claims.ts';
import { attemptStatements, putOffDeliveryStatement } from '../../../db/events.ts';
import { type AttemptContext, type Attempted, attemptDelivery, type Ending } from './attempt-delivery.ts';
import { healthOf } from './endpoint-health.ts';
import { isDelivered, isGone } from './post-webhook.ts';
import type { EndpointHints } from './slow-endpoints.ts';

/** Requests under way at once in one run: the platform allows six connections that wait for headers. */
const IN_FLIGHT = 6;
/** Of these, to one endpoint. */
const IN_FLIGHT_PER_ENDPOINT = 2;
/** A run sends nothing new after this: what remains is left to the next one. */
const RUN_MS = 10_000;
/** How long a run holds its deliveries; a run that dies gives them back to the sweep by then. */
const LEASE_MS = 5 * 60_000;
/** A wake-up call may come this much before its time. */
const EARLY_MS = 1_000;
/** Deliveries of an endpoint that keeps silent look again between this and twice this much later. */
const SILENT_MS = 30_000;

/** What delivering needs: no workspace, since one run serves many. */
export interface DeliveryContext extends AttemptContext {
  readonly database: Database;
  readonly shard: string;
  /** `fresh`: first attempts at endpoints that are well; all else is left to a run of `all`. */
  readonly lane: 'fresh' | 'all';
  /** Endpoints that are slow to answer what other runs have sent them: this run leaves them alone. */
  readonly unanswered: readonly string[];
  /** In [0, 1), for the jitter. */
  readonly random: () => number;
}

/** A delivery that has to be woken again, and when (unix ms). */
export interface NextWake {
  readonly deliveryId: string;
  readonly at: number;
}

/** What a run leaves behind: deliveries for another attempt, and first ones of events that it told itself. */
export interface RunOutcome {
  readonly again: readonly NextWake[];
  readonly told: readonly string[];
}

interface Hints extends EndpointHints {
  readonly underWay: Map<ClaimedDelivery, { endpointId: string; since: number; fails: boolean }>;
  readonly answers: Map<string, number>;
}

/** A run that has begun. */
export interface DeliveryRun {
  /** Deliveries that are not of this run. */
  readonly left: readonly NextWake[];
  readonly hints: EndpointHints;
  /** Once every request has ended and what became of it is written. Rejects where the database fails. */
  readonly ended: Promise<RunOutcome>;
}

/**
 * Begins to attempt the deliveries among `ids` that are due: at most six requests in flight, two to one endpoint. An
 * endpoint that lets a request time out gets no more of this run. Two round trips to the database, one more where an endpoint
 * is taken out of service. Throws where the database fails: then nothing was sent, and every message may come again. Where
 * it fails at the end, what was sent is sent again after the lease.
 */
export async function startDeliveries(context: DeliveryContext, ids: readonly string[]): Promise<DeliveryRun> {
  const now = context.now();
  const { claimed, left } = await claimDeliveries(context.database, ids, {
    claim: crypto.randomUUID(),
    now,
    dueBy: now + EARLY_MS,
    until: now + LEASE_MS,
    lane: context.lane,
    unanswered: context.unanswered,
    silentUntil: silentUntil(context, now),
  });
  const hints: Hints = { underWay: new Map(), answers: new Map() };
  const endings = attemptAll(context, claimed, hints);
  return {
    left: left.map((delivery) => leftWake(delivery, now)),
    hints,
    ended: endings.then((all) => record(context, all)),
  };
}

function leftWake({ id, nextAttemptAt }: LeftDelivery, now: number): NextWake {
  return { deliveryId: id, at: Math.max(now, nextAttemptAt ?? now) };
}

function silentUntil({ random }: DeliveryContext, since: number): number {
  return Math.floor(since + SILENT_MS * (1 + random()));
}

/** One delivery after the other in each chain, and two chains for each endpoint: the first ones of all come first. */
function chainsOf(claimed: readonly ClaimedDelivery[]): ClaimedDelivery[][] {
  const byEndpoint = [...Map.groupBy(claimed, ({ delivery }) => delivery.endpointId).values()];
  const chains = Array.from({ length: IN_FLIGHT_PER_ENDPOINT }, (_, turn) =>
    byEndpoint.map((deliveries) => deliveries.filter((_delivery, index) => index % IN_FLIGHT_PER_ENDPOINT === turn)),
  );
  return chains.flat().filter((chain) => chain.length > 0);
}

async function attemptAll(
  context: DeliveryContext,
  claimed: readonly ClaimedDelivery[],
  { underWay, answers }: Hints,
): Promise<Ending[]> {
  const stopAt = context.now() + RUN_MS;
  const silent = new Map<string, number>();
  const attemptOrLeave = async (one: ClaimedDelivery): Promise<Ending> => {
    const { delivery, endpoint } = one;
    const putOffUntil = silent.get(delivery.endpointId) ?? (context.now() < stopAt ? null : context.now());
    if (putOffUntil !== null) return { kind: 'put_off', delivery, until: putOffUntil };
    underWay.set(one, { endpointId: endpoint.id, since: context.now(), fails: endpoint.failingSince !== null });
    const ending = await attemptDelivery(context, one);
    underWay.delete(one);
    if (ending.kind === 'attempted' && ending.result.statusCode !== null) {
      answers.set(endpoint.id, ending.result.durationMs);
    }
    if (ending.kind === 'attempted' && ending.result.timedOut) {
      silent.set(delivery.endpointId, silentUntil(context, ending.at));
    }
    return ending;
  };
  const endings = await pMap(
    chainsOf(claimed),
    async (chain) => {
      const ended: Ending[] = [];
      for (const one of chain) ended.push(await attemptOrLeave(one));
      return ended;
    },
    { concurrency: IN_FLIGHT },
  );
  return endings.flat();
}

/** Writes what became of every delivery of a run, and of their endpoints, in one batch. */
async function record(context: DeliveryContext, endings: readonly Ending[]): Promise<RunOutcome> {
  const outcomes = endings.map((ending) => outcomeOf(context, ending));
  const health = await healthOf(
    context,
    endings.filter((ending) => ending.kind === 'attempted'),
  );
  const [first, ...rest] = [...outcomes.flatMap((outcome) => outcome.statements), ...health.statements];
  if (first) await context.database.batch([first, ...rest]);
  return { again: outcomes.flatMap(({ wake }) => (wake ? [wake] : [])), told: health.told };
}

interface Outcome {
  readonly statements: readonly Statement[];
  readonly wake: NextWake | null;
}

function outcomeOf(context: DeliveryContext, ending: Ending): Outcome {
  const { delivery } = ending;
  switch (ending.kind) {
    case 'attempted':
      return attemptOutcome(context, ending);
    case 'put_off': {
      const statement = putOffDeliveryStatement(context.database, delivery, ending.until);
      return { statements: [statement], wake: { deliveryId: delivery.id, at: ending.until } };
    }
  }
}

function attemptOutcome({ database, random }: DeliveryContext, { delivery, result, at }: Attempted): Outcome {
  const delivered = isDelivered(result);
  const next =
    delivered || isGone(result)
      ? null
      : nextAttemptAt({
          createdAt: delivery.restartedAt ?? delivery.createdAt,
          now: at,
          attemptsMade: delivery.attemptCount - delivery.attemptsBefore + 1,
          retryAfterSeconds: result.retryAfterSeconds,
          random: random(),
        });
  const status = delivered ? 'succeeded' : next === null ? 'failed' : 'pending';
  const attempt = {
    deliveryId: delivery.id,
    number: delivery.attemptCount + 1,
    at,
    statusCode: result.statusCode,
    durationMs: result.durationMs,
    error: result.error,
    responseBody: result.responseBody,
  };
  return {
    statements: attemptStatements(database, delivery, attempt, { status, nextAttemptAt: next }),
    wake: next === null ? null : { deliveryId: delivery.id, at: next },
  };
}
