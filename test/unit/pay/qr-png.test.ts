import { decode } from 'fast-png';
import jsQR from 'jsqr';
import { describe, expect, it } from 'vitest';
import { qrModules, qrPng } from '../../../src/http/pay/qr-code.ts';
import type { ErrorCorrection } from '../../../src/http/pay/requests.ts';

const LINK = 'https://app.softsolz.uk/pay/link/lnk_08f3c2a1b9d4e5f6a7b8c';
const longUrl = (length: number) => `${LINK}?x=`.padEnd(length, 'aB3-_9');

interface Image {
  readonly size: number;
  readonly isDark: (x: number, y: number) => boolean;
}

/** Reads the file with a decoder that checks every CRC, and its 1-bit rows pixel by pixel. */
function imageOf(png: Uint8Array): Image {
  const { width, height, depth, channels, data } = decode(png, { checkCrc: true });
  expect({ height, depth, channels }).toEqual({ height: width, depth: 1, channels: 1 });
  const stride = Math.ceil(width / 8);
  return { size: width, isDark: (x, y) => (((data[y * stride + (x >> 3)] ?? 0) >> (7 - (x & 7))) & 1) === 0 };
}

/** What a scanner reads. Each pixel is shown `magnification` times as large: a camera sees many pixels per module. */
function scan({ size, isDark }: Image, magnification: number): string | undefined {
  const edge = size * magnification;
  const rgba = new Uint8ClampedArray(edge * edge * 4).fill(255);
  for (let index = 0; index < edge * edge; index += 1) {
    const x = Math.floor((index % edge) / magnification);
    const y = Math.floor(index / edge / magnification);
    if (isDark(x, y)) rgba.fill(0, index * 4, index * 4 + 3);
  }
  return jsQR(rgba, edge, edge, { inversionAttempts: 'dontInvert' })?.data;
}

async function scanned(text: string, size: number, errorCorrection: ErrorCorrection, quietZone: number) {
  const image = imageOf(await qrPng(text, { size, errorCorrection, quietZone }));
  expect(image.size).toBe(size);
  return scan(image, size < 256 ? 4 : 1);
}

describe('qrPng', () => {
  // The level decides the modules, the size their scale: all levels at one size, and one level at each of the others.
  it.each([
    [256, 'L'],
    [256, 'M'],
    [256, 'Q'],
    [256, 'H'],
    [64, 'H'],
    [65, 'Q'],
    [100, 'M'],
    [127, 'L'],
    [512, 'H'],
    [777, 'Q'],
    [2048, 'L'],
  ] as const)('is read by a scanner at %i pixels with error correction %s', async (size, level) => {
    expect(await scanned(LINK, size, level, 4)).toBe(LINK);
  });

  it.each([0, 1, 2, 3, 5, 8, 13, 16])('is read by a scanner with a margin of %i modules', async (margin) => {
    expect(await scanned(LINK, 512, 'M', margin)).toBe(LINK);
  });

  it.each([
    ['L', 300],
    ['L', 1000],
    ['L', 2048],
    ['M', 2048],
    ['Q', 1600],
    ['H', 1200],
  ] as const)('is read by a scanner with error correction %s for a URL of %s characters', async (level, length) => {
    const url = longUrl(length);
    expect(await scanned(url, 1024, level, 4)).toBe(url);
  });

  it('draws every module as the same square, in the middle of white', async () => {
    const [size, quietZone] = [500, 3];
    const modules = qrModules(LINK, 'Q');
    const image = imageOf(await qrPng(LINK, { size, errorCorrection: 'Q', quietZone }));
    const scale = Math.floor(size / (modules.length + 2 * quietZone));
    const offset = Math.floor((size - modules.length * scale) / 2);
    const wrong: string[] = [];
    for (let y = 0; y < size; y += 1) {
      for (let x = 0; x < size; x += 1) {
        const expected = modules[Math.floor((y - offset) / scale)]?.[Math.floor((x - offset) / scale)] ?? false;
        if (image.isDark(x, y) !== expected) wrong.push(`${x},${y}`);
      }
    }
    expect(scale).toBeGreaterThan(5);
    expect(offset).toBeGreaterThanOrEqual(quietZone * scale);
    expect(wrong).toEqual([]);
  });

  it('is a small file, also where the image is large', async () => {
    const bytesAt = async (size: number) => (await qrPng(LINK, { size, errorCorrection: 'M', quietZone: 4 })).length;
    expect(await bytesAt(512)).toBeLessThan(1024);
    expect(await bytesAt(2048)).toBeLessThan(8192);
  });

  it('fits into exactly one pixel a module; one pixel less is refused with the number that it needs', async () => {
    const edge = qrModules(LINK, 'H').length + 2 * 16;
    expect(edge).toBeGreaterThan(64);
    const options = { errorCorrection: 'H', quietZone: 16 } as const;
    expect(scan(imageOf(await qrPng(LINK, { ...options, size: edge })), 4)).toBe(LINK);
    const refused = qrPng(LINK, { ...options, size: edge - 1 });
    await expect(refused).rejects.toThrow(RangeError);
    await expect(refused).rejects.toThrow(`size must be at least ${edge}`);
  });

  it.each([
    ['L', 2953],
    ['M', 2331],
    ['Q', 1663],
    ['H', 1273],
  ] as const)('refuses a text too long for error correction %s, and only that: %i bytes fit', async (level, most) => {
    const options = { size: 1024, errorCorrection: level, quietZone: 4 };
    expect(imageOf(await qrPng('a'.repeat(most), options)).size).toBe(1024);
    const refused = qrPng('a'.repeat(most + 1), options);
    await expect(refused).rejects.toThrow(RangeError);
    await expect(refused).rejects.toThrow(
      `${most + 1} characters is too long for a QR code with error correction ${level}`,
    );
  });
});
