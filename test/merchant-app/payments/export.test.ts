import { describe, expect, it } from 'vitest';
import { parseCsv } from '../../support/csv.ts';
import { TestApp } from '../support/app.ts';
import { addPayment } from '../support/payments.ts';
import { type AtWork, atWork } from '../support/screens.ts';

const app = new TestApp();

/** The ids of the payments in an export. */
async function exported({ browser, path }: AtWork, query = ''): Promise<number[]> {
  const response = await browser.get(path(`payments/export.csv${query}`));
  expect(response.status).toBe(200);
  const [names = [], ...rows] = parseCsv(await response.text());
  return rows.map((row) => Number(row[names.indexOf('id')]));
}

describe('the export of payments', () => {
  it('is a CSV file that no cache keeps, named for the workspace and the day', async () => {
    const at = await atWork(app, { role: 'viewer' });
    const payment = await addPayment(await at.context(), { reference: '=1+1' });
    const response = await at.browser.get(at.path('payments/export.csv'));
    expect(response.headers.get('Content-Type')).toMatch(/^text\/csv; charset=utf-8/);
    expect(response.headers.get('Content-Disposition')).toMatch(
      /^attachment; filename="payments-sandbox-\d{4}-\d\d-\d\d\.csv"$/,
    );
    expect(response.headers.get('Cache-Control')).toBe('no-store');
    const text = await response.text();
    expect(text).toContain(`${payment.id},`);
    expect(text).toContain(",'=1+1,");
  });

  it('has the payments of the list with the same filters, of all its pages, and of no other workspace', async () => {
    const at = await atWork(app);
    const context = await at.context();
    const neighbour = await atWork(app);
    await addPayment(await neighbour.context(), { reference: 'order 7', customerEmail: 'ada@example.com' });
    const seven = await addPayment(context, { reference: 'order 7', status: 'failed' });
    const ada = await addPayment(context, { customerEmail: 'Ada@example.com' });
    const number = await addPayment(context, { reference: '123456' });
    expect(await exported(at)).toEqual([number.id, ada.id, seven.id]);
    expect(await exported(at, '?q=order+7')).toEqual([seven.id]);
    expect(await exported(at, '?q=ada%40example.com')).toEqual([ada.id]);
    expect(await exported(at, '?q=123456')).toEqual([number.id]);
    expect(await exported(at, '?status=failed')).toEqual([seven.id]);
    expect(await exported(at, '?status=failed&q=ada%40example.com')).toEqual([]);
  });
});
