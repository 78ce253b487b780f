import { describe, expect, it } from 'vitest';
import { type QrOptions, qrQuery } from '../../../src/http/pay/requests.ts';

type Parsed = { readonly ok: true; readonly options: QrOptions } | { readonly ok: false; readonly message: string };

/** As the route reads a query: the options, or all faults in one message. */
function parseQrOptions(query: Readonly<Record<string, string | undefined>>): Parsed {
  const { success, data, error } = qrQuery.safeParse(query);
  if (success) return { ok: true, options: data };
  return { ok: false, message: error.issues.map(({ message }) => message).join(' ') };
}

const SIZE = 'size must be an integer from 64 to 2048, in pixels.';
const EC = 'ec must be one of L, M, Q, H.';
const MARGIN = 'margin must be an integer from 0 to 16, in modules.';

describe('the query of a QR code', () => {
  it.each([
    [{}, { size: 512, errorCorrection: 'M', quietZone: 4 }],
    [
      { size: undefined, ec: undefined, margin: undefined },
      { size: 512, errorCorrection: 'M', quietZone: 4 },
    ],
    [{ size: '64' }, { size: 64, errorCorrection: 'M', quietZone: 4 }],
    [{ size: '2048' }, { size: 2048, errorCorrection: 'M', quietZone: 4 }],
    [{ ec: 'L' }, { size: 512, errorCorrection: 'L', quietZone: 4 }],
    [{ ec: 'Q' }, { size: 512, errorCorrection: 'Q', quietZone: 4 }],
    [{ ec: 'H' }, { size: 512, errorCorrection: 'H', quietZone: 4 }],
    [{ margin: '0' }, { size: 512, errorCorrection: 'M', quietZone: 0 }],
    [{ margin: '16' }, { size: 512, errorCorrection: 'M', quietZone: 16 }],
    [
      { size: '300', ec: 'M', margin: '2', utm_source: 'x' },
      { size: 300, errorCorrection: 'M', quietZone: 2 },
    ],
  ])('reads %j', (query, options) => {
    expect(parseQrOptions(query)).toEqual({ ok: true, options });
  });

  const notIntegers = [
    '',
    ' ',
    '100.0',
    '1e2',
    '0x80',
    '+128',
    '-128',
    ' 128',
    '128 ',
    '0128',
    '１２８',
    '٢٠٠',
    'NaN',
    '99999999',
  ];

  it.each([...notIntegers, '63', '2049', '0'])('refuses the size %j', (size) => {
    expect(parseQrOptions({ size })).toEqual({ ok: false, message: SIZE });
  });

  it.each([...notIntegers, '17', '-1', '04', '1.5'])('refuses the margin %j', (margin) => {
    expect(parseQrOptions({ margin })).toEqual({ ok: false, message: MARGIN });
  });

  it.each(['', 'l', 'h', 'X', 'LM', 'L ', 'toString', '0'])('refuses the error correction %j', (ec) => {
    expect(parseQrOptions({ ec })).toEqual({ ok: false, message: EC });
  });

  it('names every fault at once', () => {
    const parsed = parseQrOptions({ size: '1', ec: 'X', margin: '99' });
    expect(parsed).toEqual({ ok: false, message: `${SIZE} ${EC} ${MARGIN}` });
  });
});
