import { createApp } from './app.ts';
import { applyTime } from './apply-time.ts';
import { ConditionBook } from './conditions.ts';
import { EventDelivery, type EventEndpoints } from './event-delivery.ts';
import { FaultBook } from './faults.ts';
import { RequestLog } from './request-log.ts';
import type { Simulation } from './simulation.ts';
import { emptyState, readSnapshot, type State, writeSnapshot } from './state.ts';

const SAVE_DELAY_MS = 200;

export interface SimulatorOptions {
  /** For example `http://localhost:12111`, without a slash at the end. The URLs of pages begin with it. */
  baseUrl: string;
  eventEndpoints: EventEndpoints;
  /** true: no event is sent. `GET /_control/outbox` returns the signed requests. */
  holdEvents?: boolean;
  /** How events are sent. By default with the global fetch. */
  send?: (request: Request) => Promise<Response>;
  /** Real time in ms. By default Date.now. `/_control/clock` adds to it. */
  now?: () => number;
  /** Keeps the state between runs. */
  snapshot?: { load(): string | null; save(json: string): void };
}

export interface Simulator {
  /** Answers one request to Stripe, its pages, the control API or the sink. */
  fetch(request: Request): Promise<Response>;
  /** Does what is due at this time: sessions expire, bank payments settle, failed events are sent again. */
  tick(): Promise<void>;
  /** Stops sending events and saves the state. */
  close(): Promise<void>;
}

/** Creates a simulator of Stripe with its own state. Throws if the snapshot cannot be read. */
export function createSimulator(options: SimulatorOptions): Simulator {
  const realNow = options.now ?? Date.now;
  const state = loadState(options);
  const saving = createSaving(options, state);
  const now = () => realNow() + state.clockOffsetMs;
  const faults = new FaultBook();
  const delivery = new EventDelivery({
    state,
    faults,
    endpoints: options.eventEndpoints,
    hold: options.holdEvents ?? false,
    send: options.send ?? ((request) => fetch(request)),
    now,
    signingNow: realNow,
    changed: saving.later,
  });
  const simulation: Simulation = {
    baseUrl: options.baseUrl,
    state,
    faults,
    conditions: new ConditionBook(),
    requests: new RequestLog(),
    delivery,
    now,
    changed: saving.later,
  };
  const app = createApp(simulation);
  return {
    fetch: (request) => untilAborted(request.signal, Promise.resolve(app.fetch(request))),
    tick: async () => {
      applyTime(simulation);
      await delivery.retryDue();
    },
    close: async () => {
      await delivery.close();
      saving.flush();
    },
  };
}

function loadState(options: SimulatorOptions): State {
  const json = options.snapshot?.load() ?? null;
  if (json === null) return emptyState();
  try {
    return readSnapshot(json);
  } catch (cause) {
    throw new Error('The saved state of the Stripe simulator cannot be read. Delete its file and start again.', {
      cause,
    });
  }
}

/** Saves the state 200 ms after a change, or at once on `flush`. */
function createSaving(options: SimulatorOptions, state: State) {
  let timer: ReturnType<typeof setTimeout> | null = null;
  const save = () => {
    timer = null;
    options.snapshot?.save(writeSnapshot(state));
  };
  return {
    later: () => {
      if (options.snapshot) timer ??= setTimeout(save, SAVE_DELAY_MS);
    },
    flush: () => {
      if (timer === null) return;
      clearTimeout(timer);
      save();
    },
  };
}

/** The caller stops waiting when its signal is aborted. The work continues, as on a real server. */
function untilAborted(signal: AbortSignal, answer: Promise<Response>): Promise<Response> {
  const aborted = new Promise<never>((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  return Promise.race([answer, aborted]);
}
