import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ERROR_CODES, statusOf } from '../../../src/core/errors.ts';
import { SCOPES } from '../../../src/core/scopes.ts';

const text = readFileSync(join(import.meta.dirname, '../../../docs/local.md'), 'utf8');

/** The rows of the table of error codes: the statuses in the first column, the codes in the second. */
const rows = [...text.matchAll(/^\| ([\d, ]+) \| ([^|]+) \|/gm)].map(([, statuses = '', codes = '']) => ({
  statuses: statuses.split(', ').map(Number),
  codes: [...codes.matchAll(/`(\w+)`/g)].map(([, code]) => code),
}));

it.each(ERROR_CODES)('docs/local.md lists the error code %s with its status, once', (code) => {
  const found = rows.filter(({ codes }) => codes.includes(code));
  expect(found).toHaveLength(1);
  expect(found[0]?.statuses).toContain(statusOf(code));
});

it.each(SCOPES)('docs/local.md explains the scope %s', (scope) => {
  const short = scope.replace('service.payments', '');
  expect(text.includes(`\`${scope}\``) || text.includes(`\`${short}\``)).toBe(true);
});
