import { describe, expect, it } from 'vitest';
import { type EndpointHints, slowEndpoints } from '../../../src/domain/webhooks/delivery/slow-endpoints.ts';

const NOW = 1_800_000_000_000;

/** A run with one request to `we_a`, so many ms old, that has had an answer in so many ms. */
function run(age: number, answeredIn: number | null = null, fails = false): EndpointHints {
  return {
    underWay: new Map([['one', { endpointId: 'we_a', since: NOW - age, fails }]]),
    answers: new Map(answeredIn === null ? [] : [['we_a', answeredIn]]),
  };
}

const isSlow = (...runs: EndpointHints[]) => slowEndpoints(runs, NOW).length === 1;

describe('an endpoint is left alone', () => {
  it('that has not answered anything and keeps a request waiting', () => {
    expect([isSlow(run(99)), isSlow(run(100))]).toEqual([false, true]);
  });

  it('that takes clearly longer than what it has answered, whichever run got that answer', () => {
    expect([isSlow(run(699, 200)), isSlow(run(700, 200))]).toEqual([false, true]);
    expect([isSlow(run(0, 200), run(600)), isSlow(run(0, 10), run(600))]).toEqual([false, true]);
  });

  it('that takes a second or longer, at once when it is known to', () => {
    expect([isSlow(run(999, 900)), isSlow(run(1_000, 900))]).toEqual([false, true]);
    expect([isSlow(run(99, 2_000)), isSlow(run(100, 2_000))]).toEqual([false, true]);
  });

  it('that fails already and has a request under way', () => {
    expect(isSlow(run(0, 10, true))).toBe(true);
  });

  it('by its id, each once, and none without a request under way', () => {
    expect(slowEndpoints([run(500), run(600)], NOW)).toEqual(['we_a']);
    expect(slowEndpoints([{ underWay: new Map(), answers: new Map([['we_a', 5_000]]) }], NOW)).toEqual([]);
  });
});
