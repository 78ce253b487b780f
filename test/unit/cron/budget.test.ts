import { describe, expect, it } from 'vitest';
import { Budget } from '../../../src/domain/budget.ts';

const LIMITS = { queries: 10, stripeCalls: 2, seconds: 5 };

function budgetAt(start = 0) {
  const clock = { now: start };
  return { clock, budget: new Budget(LIMITS, () => clock.now) };
}

describe('The budget of a job', () => {
  it('lets a unit of work begin while all that is spent and reserved leaves room for it', () => {
    const { budget } = budgetAt();
    const end = budget.begin({ queries: 6, stripeCalls: 0 });
    expect(budget.begin({ queries: 5, stripeCalls: 0 })).toBeNull();
    budget.countQueries(2);
    end?.();
    expect(budget.begin({ queries: 9, stripeCalls: 0 })).toBeNull();
    expect(budget.begin({ queries: 8, stripeCalls: 0 })).not.toBeNull();
    expect(budget.begin({ queries: 0, stripeCalls: 3 })).toBeNull();
  });

  it('refuses a query or a call that is too much, and does not count it', () => {
    const { budget } = budgetAt();
    budget.countQueries(8);
    expect(() => budget.countQueries(3)).toThrow('The job has used its queries');
    budget.countQueries(2);
    budget.countStripeCall();
    budget.countStripeCall();
    expect(() => budget.countStripeCall()).toThrow('The job has used its stripeCalls');
  });

  it('is over after its seconds', () => {
    const { budget, clock } = budgetAt(1000);
    expect(budget.endsAt).toBe(6000);
    clock.now = 5999;
    expect(budget.isOver).toBe(false);
    clock.now = 6000;
    expect(budget.isOver).toBe(true);
  });
});
