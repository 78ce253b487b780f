import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BY_API, BY_LINK, dollarsOf, namesOf, STEPS, sumOf, WHOLE } from '../../bench/cost-money.ts';
import { fillPage, readPage } from '../../bench/cost-page.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const PAGE = readFileSync(resolve(ROOT, 'docs/cost.md'), 'utf8');

describe('docs/cost.md', () => {
  it('shows the money that follows from its own counts, its bytes and the prices', () => {
    expect(fillPage(PAGE, readPage(PAGE))).toBe(PAGE);
  });

  it('shows the counts of every step', () => {
    const { steps } = readPage(PAGE);
    for (const step of namesOf(STEPS)) {
      for (const [what, value] of Object.entries(steps[step])) {
        expect(value, `${step}: ${what}`).toBeGreaterThanOrEqual(0);
      }
    }
    expect(Object.values(steps.session)).not.toContain(Number.NaN);
  });

  it('counts no payment as dearer than a whole one', () => {
    const { steps } = readPage(PAGE);
    const [whole, byApi, byLink] = [WHOLE, BY_API, BY_LINK].map((times) => sumOf(dollarsOf(steps, times)));
    expect(whole).toBeGreaterThan(byApi ?? Number.NaN);
    expect(whole).toBeGreaterThan(byLink ?? Number.NaN);
  });

  it('is linked from the other pages for operators', () => {
    expect(readFileSync(resolve(ROOT, 'README.md'), 'utf8')).toContain('(docs/cost.md)');
    expect(readFileSync(resolve(ROOT, 'docs/operating.md'), 'utf8')).toContain('(cost.md)');
  });
});
