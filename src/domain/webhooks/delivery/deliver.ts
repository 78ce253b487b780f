import pMap from 'p-map';
import { nextAttemptAt } from '../../../core/schedules.ts';
import type { Statement } from '../../../db/client.ts';
import {
  attemptStatements,
  type ClaimedDelivery,
  claimDeliveries,
  type LeftDelivery,
  putOffDeliveryStatement,
} from '../../../db/delivery-runs.ts';
import { queuedIn } from '../../../db/outbox.ts';
import type { NextWake, PlatformContext } from '../../context.ts';
import { type Attempted, attemptDelivery, type Ending } from './attempt-delivery.ts';
import { healthStatements } from './endpoint-health.ts';
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

/** What a run is to deliver, of any workspaces. */
export interface DeliveriesToAttempt {
  readonly ids: readonly string[];
  /** `first_attempts`: first attempts at endpoints that are well; all else is left to a run of `all`. */
  readonly takes: 'first_attempts' | 'all';
  /** Endpoints that are slow to answer what other runs have sent them: this run leaves them alone. */
  readonly unanswered: readonly string[];
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
  /** Once every request has ended, what became of it is written, and what follows is queued. Rejects where the database fails. */
  readonly ended: Promise<void>;
}

/**
 * Begins to attempt the deliveries among `ids` that are due: at most six requests in flight, two to one endpoint. An
 * endpoint that lets a request time out gets no more of this run. Two round trips to the database. Throws where the database
 * fails: then nothing was sent, and every message may come again. Where it fails at the end, what was sent is sent again
 * after the lease.
 */
export async function startDeliveries(
  context: PlatformContext,
  { ids, takes, unanswered }: DeliveriesToAttempt,
): Promise<DeliveryRun> {
  const now = context.now();
  const { claimed, left } = await claimDeliveries(context.database, ids, {
    claim: crypto.randomUUID(),
    now,
    dueBy: now + EARLY_MS,
    until: now + LEASE_MS,
    takes,
    unanswered,
    silentUntil: silentUntil(now),
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

function silentUntil(since: number): number {
  return Math.floor(since + SILENT_MS * (1 + Math.random()));
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
  context: PlatformContext,
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
      silent.set(delivery.endpointId, silentUntil(ending.at));
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

/** Writes what became of every delivery of a run, and of their endpoints, in one batch; then wakes what follows from it. */
async function record(context: PlatformContext, endings: readonly Ending[]): Promise<void> {
  const outcomes = endings.map((ending) => outcomeOf(context, ending));
  const attempted = endings.filter((ending) => ending.kind === 'attempted');
  const [first, ...rest] = [
    ...outcomes.flatMap((outcome) => outcome.statements),
    ...(await healthStatements(context, attempted)),
  ];
  const results = first ? await context.database.batch([first, ...rest]) : [];
  const again = outcomes.flatMap(({ wake }) => (wake ? [wake] : []));
  await Promise.all([context.wakeLater(again), context.wake(queuedIn(results))]);
}

interface Outcome {
  readonly statements: readonly Statement[];
  readonly wake: NextWake | null;
}

function outcomeOf(context: PlatformContext, ending: Ending): Outcome {
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

function attemptOutcome({ database }: PlatformContext, { delivery, result, at }: Attempted): Outcome {
  const delivered = isDelivered(result);
  const next =
    delivered || isGone(result)
      ? null
      : nextAttemptAt({
          createdAt: delivery.restartedAt ?? delivery.createdAt,
          now: at,
          attemptsMade: delivery.attemptCount - delivery.attemptsBefore + 1,
          retryAfterSeconds: result.retryAfterSeconds,
          random: Math.random(),
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
