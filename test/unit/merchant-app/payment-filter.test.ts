import { describe, expect, it } from 'vitest';
import { apiPathOf, askedPayments, isFiltered, queryOf } from '../../../src/merchant-app/payments/filter.ts';

const BERLIN = { language: 'en', timeZone: 'Europe/Berlin', now: 0 } as const;
const TOKEN = `lnk_0${'a'.repeat(20)}`;

describe('the filters of the payments', () => {
  it("count days on the reader's clock, also when the clocks change", () => {
    const asked = askedPayments({ from: '2026-03-29', to: '2026-03-29' }, BERLIN);
    expect([asked.after, asked.before]).toEqual([
      Date.parse('2026-03-28T23:00:00Z'),
      Date.parse('2026-03-29T22:00:00Z'),
    ]);
    expect(apiPathOf(asked, null)).toBe(
      '/payments?created_after=2026-03-28T23%3A00%3A00Z&created_before=2026-03-29T22%3A00%3A00Z',
    );
  });

  it('keep what can be read, and drop the rest', () => {
    const asked = askedPayments(
      { q: ' 77 ', status: 'paid', link: 'lnk_x', from: '2026-13-01', to: '1 May', cursor: 'c1' },
      BERLIN,
    );
    expect(asked).toMatchObject({ search: '77', status: null, link: null, from: '', to: '', cursor: null });
    expect(isFiltered(asked)).toBe(true);
    expect(queryOf(asked)).toBe('?q=77');
    expect(isFiltered(askedPayments({ q: '  ' }, BERLIN))).toBe(false);
  });

  it('are kept by the links to other pages', () => {
    const query = { q: 'a & b', status: 'failed', link: TOKEN, from: '2026-05-01', to: '2026-05-02' };
    const next = queryOf(askedPayments(query, BERLIN), 'c123');
    expect(Object.fromEntries(new URLSearchParams(next))).toEqual({ ...query, cursor: 'c123' });
  });

  it.each([
    [{ id: 8123 }, '/payments/8123'],
    [{ customerEmail: 'ada@example.com' }, '/payments?status=failed&customer_email=ada%40example.com'],
    [{ reference: '8123' }, '/payments?status=failed&reference=8123'],
    [null, '/payments?status=failed'],
  ])('with a search that meant %j are %s in the API', (meant, path) => {
    const found = new URL(apiPathOf(askedPayments({ status: 'failed' }, BERLIN), meant), 'https://api.example');
    found.searchParams.sort();
    const wanted = new URL(path, 'https://api.example');
    wanted.searchParams.sort();
    expect(found.href).toBe(wanted.href);
  });
});
