import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../../..');
const read = (path: string) => readFileSync(resolve(ROOT, path), 'utf8');
const PAGE = read('docs/scale.md');

describe('docs/scale.md', () => {
  it('has every job of the cron with its budget', () => {
    const budgets = [
      ...read('src/cron/jobs.ts').matchAll(/name: '([\w-]+)',\s+limits: \{ queries: (\d+), stripeCalls: (\d+)/g),
    ];
    expect(budgets.length).toBeGreaterThan(5);
    const documented = [...PAGE.matchAll(/^\| `([\w-]+)` \| (\d+) \| (\d+) \|/gm)];
    expect(documented.map((row) => row.slice(1))).toEqual(budgets.map((budget) => budget.slice(1)));
    const queries = budgets.reduce((sum, [, , count]) => sum + Number(count), 0);
    expect(queries).toBeLessThanOrEqual(1000);
  });

  it('links only to headings, files and tests that exist', () => {
    const anchors = (text: string) =>
      [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
        heading
          .toLowerCase()
          .replaceAll(/[^\w -]/g, '')
          .replaceAll(' ', '-'),
      );
    const targets = [...PAGE.matchAll(/\]\(([^)]+)\)/g)].map(([, target = '']) => target);
    const own = targets.filter((target) => !target.startsWith('https://'));
    expect(own.length).toBeGreaterThan(3);
    for (const target of own) {
      const [file = '', anchor] = target.split('#');
      const text = file === '' ? PAGE : read(`docs/${file}`);
      if (anchor !== undefined) expect(anchors(text), target).toContain(anchor);
    }
    const named = [...PAGE.matchAll(/`((?:src|test)\/[\w./-]+)`/g)].map(([, path = '']) => path);
    for (const path of named) expect(existsSync(resolve(ROOT, path)), path).toBe(true);
  });
});
