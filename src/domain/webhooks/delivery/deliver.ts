import pMap from 'p-map';
import { nextAttemptAt } from '../../../core/schedules.ts';
import type { Statement } from '../../../db/client.ts';
import {
  attemptStatement,
  type ClaimedDelivery,
  claimDeliveries,
  type LeftDelivery,
  putOffDeliveryStatement,
} from '../../../db/delivery-runs.ts';
import { queuedIn } from '../../../db/outbox.ts';
import type { NextWake, PlatformContext } from '../../context.ts';
import { type Attempted, attemptDelivery, type Ending } from './attempt-delivery.ts';
import { watchEndpoints } from './endpoint-changes.ts';
import { healthStatements } from './endpoint-health.ts';
import { isDelivered, isGone, LONGEST_POST_MS } from './post-webhook.ts';
import type { EndpointHints } from './slow-endpoints.ts';

/** How many requests of a run may wait for an answer at once: Cloudflare allows six connections waiting for headers. */
const IN_FLIGHT = 6;
/** How many requests of a run to one endpoint may wait for an answer at once. */
const IN_FLIGHT_PER_ENDPOINT = 2;
/** A run begins no request after this time (ms). Deliveries not sent by then are put off to another run. */
const RUN_MS = 10_000;
/** The longest time (ms) in which D1 stores the outcomes: it ends every query after 30 seconds. */
const STORE_MS = 30_000;
/**
 * No run takes longer than this (ms), and for so long it holds its deliveries. If the run is cut off, the sweep finds
 * them then.
 */
export const LONGEST_RUN_MS = RUN_MS + LONGEST_POST_MS + STORE_MS;
/** A queue message may come this much (ms) before its delivery is due. */
const EARLY_MS = 1_000;
/** Deliveries to an endpoint that does not answer are put off by a random time from this to twice this (ms). */
const SILENT_MS = 30_000;

/** The deliveries, of any workspaces, that a run is to attempt. */
interface DeliveriesToAttempt {
  readonly ids: readonly string[];
  /** `first_attempts`: only first attempts, to endpoints that are not failing. A run of `all` takes the others. */
  readonly takes: 'first_attempts' | 'all';
  /** Ids of endpoints that are slow to answer other runs. This run sends them nothing. */
  readonly unanswered: readonly string[];
}

interface Hints extends EndpointHints {
  readonly underWay: Map<ClaimedDelivery, { endpointId: string; since: number; fails: boolean }>;
  readonly answers: Map<string, number>;
}

/** A delivery run that has begun. */
export interface DeliveryRun {
  /** Due deliveries that this run does not attempt, and when another run is to attempt them. */
  readonly left: readonly NextWake[];
  readonly hints: EndpointHints;
  /** Resolves when all requests have ended, and their outcomes are stored and queued. Rejects if the database fails. */
  readonly ended: Promise<void>;
}

/**
 * Begins to attempt the due deliveries among `ids`: at most six requests at once, two to one endpoint. An endpoint that
 * lets a request time out, or that is changed meanwhile, gets no more requests in this run. If the database fails at
 * first, throws, and nothing was sent. If it fails later, `ended` rejects, and the deliveries are sent again later. Two
 * round trips to the database, and further ones to see changes while requests wait for an answer.
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
    until: now + LONGEST_RUN_MS,
    takes,
    unanswered,
    silentUntil: silentUntil(now),
  });
  const hints: Hints = { underWay: new Map(), answers: new Map() };
  const endings = attemptAll(context, claimed, { hints, stopAt: now + RUN_MS });
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

/** Splits each endpoint's deliveries into two chains, each sent one by one. First chains come before second chains. */
function chainsOf(claimed: readonly ClaimedDelivery[]): ClaimedDelivery[][] {
  const byEndpoint = [...Map.groupBy(claimed, ({ delivery }) => delivery.endpointId).values()];
  const chains = Array.from({ length: IN_FLIGHT_PER_ENDPOINT }, (_, turn) =>
    byEndpoint.map((deliveries) => deliveries.filter((_delivery, index) => index % IN_FLIGHT_PER_ENDPOINT === turn)),
  );
  return chains.flat().filter((chain) => chain.length > 0);
}

/** `stopAt`: no request begins after this time (unix ms). */
async function attemptAll(
  context: PlatformContext,
  claimed: readonly ClaimedDelivery[],
  { hints, stopAt }: { readonly hints: Hints; readonly stopAt: number },
): Promise<Ending[]> {
  const { underWay, answers } = hints;
  const silent = new Map<string, number>();
  const isChanged = watchEndpoints(
    context,
    claimed.map(({ endpoint }) => endpoint),
  );
  const attemptOrLeave = async (one: ClaimedDelivery): Promise<Ending> => {
    const { delivery, endpoint } = one;
    const leave = (until: number): Ending => ({ kind: 'put_off', delivery, until });
    const changed = await isChanged(endpoint.id);
    const silentUntilThen = silent.get(endpoint.id);
    if (silentUntilThen !== undefined) return leave(silentUntilThen);
    if (changed || context.now() >= stopAt) return leave(context.now());
    underWay.set(one, { endpointId: endpoint.id, since: context.now(), fails: endpoint.failingSince !== null });
    const ending = await attemptDelivery(context, one);
    underWay.delete(one);
    if (ending.kind === 'attempted' && ending.result.statusCode !== null) {
      answers.set(endpoint.id, ending.result.durationMs);
    }
    if (ending.kind === 'attempted' && ending.result.timedOut) {
      silent.set(endpoint.id, silentUntil(ending.at));
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

/** Stores each delivery's outcome and the endpoints' health in one batch. Then queues retries and new deliveries. */
async function record(context: PlatformContext, endings: readonly Ending[]): Promise<void> {
  const outcomes = endings.map((ending) => outcomeOf(context, ending));
  const attempted = endings.filter((ending) => ending.kind === 'attempted');
  const [first, ...rest] = [
    ...outcomes.map((outcome) => outcome.statement),
    ...(await healthStatements(context, attempted)),
  ];
  const results = first ? await context.database.batch([first, ...rest]) : [];
  const again = outcomes.flatMap(({ wake }) => (wake ? [wake] : []));
  await Promise.all([context.wakeLater(again), context.wake(queuedIn(results))]);
}

interface Outcome {
  readonly statement: Statement;
  readonly wake: NextWake | null;
}

function outcomeOf(context: PlatformContext, ending: Ending): Outcome {
  if (ending.kind === 'attempted') return attemptOutcome(context, ending);
  const { delivery, until } = ending;
  const statement = putOffDeliveryStatement(context.database, delivery, until);
  return { statement, wake: { deliveryId: delivery.id, at: until } };
}

function attemptOutcome({ database }: PlatformContext, { delivery, result, at }: Attempted): Outcome {
  const delivered = isDelivered(result);
  const retryAt = nextAttemptAt({
    createdAt: delivery.restartedAt ?? delivery.createdAt,
    now: at,
    attemptsMade: delivery.attemptCount - delivery.attemptsBefore + 1,
    retryAfterSeconds: result.retryAfterSeconds,
    random: Math.random(),
  });
  const next = delivered || isGone(result) ? null : retryAt;
  const status = delivered ? 'succeeded' : next === null ? 'failed' : 'pending';
  const { statusCode, durationMs, error, responseBody } = result;
  const attempt = { at, statusCode, durationMs, error, responseBody };
  return {
    statement: attemptStatement(database, delivery, attempt, { status, nextAttemptAt: next }),
    wake: next === null ? null : { deliveryId: delivery.id, at: next },
  };
}
