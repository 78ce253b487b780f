import { describe, expect, it } from 'vitest';
import { type ErrorDetail, InvalidRequest } from '../../../src/http/invalid-request.ts';

const fault = (path: string, code: ErrorDetail['code'] = 'validation_failed'): ErrorDetail => ({
  path,
  code,
  message: `${path} is wrong.`,
});
const many = Array.from({ length: 60 }, (_, index) => fault(`metadata.${index}`));

describe('the answer for several faults', () => {
  it('has the code of the first that counts most, however many others stand before it, and lists that one', () => {
    const error = new InvalidRequest([...many, fault('success_url', 'invalid_url'), fault('amount', 'invalid_amount')]);
    expect([error.code, error.message]).toEqual(['invalid_amount', 'amount is wrong.']);
    expect(error.details).toHaveLength(50);
    expect(error.details[0]).toEqual(fault('amount', 'invalid_amount'));
  });

  it('lists up to 50 in their order', () => {
    const faults = [...many.slice(0, 49), fault('currency', 'invalid_currency')];
    const error = new InvalidRequest(faults);
    expect([error.code, error.details]).toEqual(['invalid_currency', faults]);
  });

  it('shows the start of a name of thousands of characters, and no half of a character', () => {
    const { details } = new InvalidRequest([fault(`x${'\u{1f600}'.repeat(5_000)}`)]);
    expect(details[0]?.path.length).toBeLessThanOrEqual(500);
    expect(details[0]?.path.isWellFormed()).toBe(true);
    expect(details[0]?.message.endsWith('…')).toBe(true);
  });

  it('is not given for none', () => {
    expect(() => new InvalidRequest([])).toThrow(RangeError);
  });
});
