const SIZE = { least: 64, most: 2048, standard: 512 } as const;
const QUIET_ZONE = { least: 0, most: 16, standard: 4 } as const;

/** Canonical decimal digits: no sign, no leading zero, no white space, no exponent. */
const INTEGER = /^(0|[1-9]\d{0,5})$/;

/** How much damage a code survives, least to most (ISO/IEC 18004): about 7, 15, 25 and 30 percent. */
const ERROR_CORRECTIONS = ['L', 'M', 'Q', 'H'] as const;

export type ErrorCorrection = (typeof ERROR_CORRECTIONS)[number];

/** How a QR code is drawn. */
export interface QrOptions {
  /** Edge of the whole square image, its quiet zone included: integer, pixels. */
  readonly size: number;
  readonly errorCorrection: ErrorCorrection;
  /** Blank margin on each side: integer, modules. ISO/IEC 18004 asks for 4. */
  readonly quietZone: number;
}

/**
 * Reads the query of a QR code's URL: `size` (pixels, 64–2048, else 512), `ec` (L, M, Q or H, else M) and `margin`
 * (modules, 0–16, else 4). Integers are plain decimal digits; members of other names are ignored. `message` tells of
 * every fault at once. Never throws.
 */
export function parseQrOptions(
  query: Readonly<Record<string, string | undefined>>,
): { ok: true; options: QrOptions } | { ok: false; message: string } {
  const { size: sizeText, ec, margin } = query;
  const size = integerWithin(sizeText, SIZE);
  const quietZone = integerWithin(margin, QUIET_ZONE);
  const errorCorrection = ec === undefined ? 'M' : ERROR_CORRECTIONS.find((known) => known === ec);
  if (size !== undefined && quietZone !== undefined && errorCorrection !== undefined) {
    return { ok: true, options: { size, errorCorrection, quietZone } };
  }
  const faults = [
    size === undefined && `size must be an integer from ${SIZE.least} to ${SIZE.most}, in pixels.`,
    errorCorrection === undefined && `ec must be one of ${ERROR_CORRECTIONS.join(', ')}.`,
    quietZone === undefined && `margin must be an integer from ${QUIET_ZONE.least} to ${QUIET_ZONE.most}, in modules.`,
  ];
  return { ok: false, message: faults.filter((fault) => fault !== false).join(' ') };
}

function integerWithin(
  text: string | undefined,
  range: { readonly least: number; readonly most: number; readonly standard: number },
): number | undefined {
  if (text === undefined) return range.standard;
  const value = INTEGER.test(text) ? Number(text) : Number.NaN;
  return value >= range.least && value <= range.most ? value : undefined;
}
