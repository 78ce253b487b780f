import jsQR from 'jsqr';
import { describe, expect, it } from 'vitest';
import { qrModules, qrSvg } from '../../../src/http/pay/qr-code.ts';

const LINK = 'https://app.softsolz.uk/pay/link/lnk_08f3c2a1b9d4e5f6a7b8c';
const captured = (svg: string, pattern: RegExp): string => pattern.exec(svg)?.[1] ?? '';

/** Fills the path's rectangles into a grid of the view box's units; every command has to be understood. */
function gridOf(svg: string): boolean[][] {
  const edge = Number(captured(svg, /viewBox="0 0 (\d+) \1"/));
  const grid = Array.from({ length: edge }, () => Array.from({ length: edge }, () => false));
  const path = captured(svg, / d="([^"]*)"/);
  const rectangles = [...path.matchAll(/M(\d+) (\d+)h(\d+)v(\d+)h-\3z/g)];
  expect(rectangles.map(([whole]) => whole).join('')).toBe(path);
  for (const [, x, y, width, height] of rectangles) {
    for (const row of grid.slice(Number(y), Number(y) + Number(height))) {
      row.fill(true, Number(x), Number(x) + Number(width));
    }
  }
  return grid;
}

/** What a scanner reads. A small image is shown larger: a camera sees many pixels per module. */
function scan(grid: readonly (readonly boolean[])[]): string | undefined {
  const magnification = grid.length < 256 ? 4 : 1;
  const edge = grid.length * magnification;
  const rgba = new Uint8ClampedArray(edge * edge * 4).fill(255);
  for (let index = 0; index < edge * edge; index += 1) {
    const column = Math.floor((index % edge) / magnification);
    const row = Math.floor(index / edge / magnification);
    if (grid[row]?.[column]) rgba.fill(0, index * 4, index * 4 + 3);
  }
  return jsQR(rgba, edge, edge, { inversionAttempts: 'dontInvert' })?.data;
}

describe('qrSvg', () => {
  it.each([
    ['L', 4],
    ['M', 4],
    ['Q', 4],
    ['H', 4],
    ['L', 0],
    ['M', 1],
    ['H', 16],
  ] as const)(
    'is read by a scanner with error correction %s and a margin of %i modules',
    (errorCorrection, quietZone) => {
      expect(scan(gridOf(qrSvg(LINK, { size: 512, errorCorrection, quietZone })))).toBe(LINK);
    },
  );

  it('is read by a scanner for a URL of 2,048 characters', () => {
    const url = `${LINK}?x=`.padEnd(2048, 'aB3-_9');
    expect(scan(gridOf(qrSvg(url, { size: 512, errorCorrection: 'L', quietZone: 4 })))).toBe(url);
  });

  it.each([64, 100, 128, 500, 999])('draws every module as the same square, in the middle of %i pixels', (size) => {
    const quietZone = 3;
    const modules = qrModules(LINK, 'M');
    const grid = gridOf(qrSvg(LINK, { size, errorCorrection: 'M', quietZone }));
    const scale = Math.floor(size / (modules.length + 2 * quietZone));
    const offset = Math.floor((size - modules.length * scale) / 2);
    expect(scale).toBeGreaterThanOrEqual(1);
    expect(offset).toBeGreaterThanOrEqual(quietZone * scale);
    const moduleAt = (x: number, y: number) =>
      modules[Math.floor((y - offset) / scale)]?.[Math.floor((x - offset) / scale)] ?? false;
    expect(grid).toEqual(
      Array.from({ length: size }, (_, y) => Array.from({ length: size }, (_, x) => moduleAt(x, y))),
    );
  });

  it('scales down a code that has more modules than the image has pixels', () => {
    const svg = qrSvg(LINK, { size: 64, errorCorrection: 'H', quietZone: 16 });
    const edge = qrModules(LINK, 'H').length + 32;
    expect(edge).toBeGreaterThan(64);
    expect(svg).toContain(`width="64" height="64" viewBox="0 0 ${edge} ${edge}"`);
    expect(scan(gridOf(svg))).toBe(LINK);
  });

  it.each([64, 512, 2048])('is %i pixels wide and high, on white, with crisp edges and no style', (size) => {
    const svg = qrSvg(LINK, { size, errorCorrection: 'M', quietZone: 4 });
    expect(svg).toMatch(new RegExp(`^<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" `));
    expect(svg).toMatch(/<rect width="(\d+)" height="\1" fill="#fff"\/>/);
    expect(svg).toContain('shape-rendering="crispEdges"');
    expect(svg).not.toMatch(/style|script|href/);
    expect(svg.match(/<path /g)).toHaveLength(1);
  });

  it('names itself to those who do not see it, with the text as text', () => {
    const hostile = `https://x.example/?a=1&b="><script>alert('1')</script>`;
    const svg = qrSvg(hostile, { size: 512, errorCorrection: 'M', quietZone: 4 });
    expect(svg).toContain('role="img"');
    expect(captured(svg, /aria-label="([^"]*)"/)).toBe(
      'QR code: https://x.example/?a=1&amp;b=&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;',
    );
    expect(svg.match(/<[a-z]+/g)).toEqual(['<svg', '<rect', '<path']);
    expect(scan(gridOf(svg))).toBe(hostile);
  });

  it('refuses a text that is too long, with advice', () => {
    const options = { size: 512, errorCorrection: 'H', quietZone: 4 } as const;
    expect(() => qrSvg('a'.repeat(1274), options)).toThrow(RangeError);
    expect(() => qrSvg('a'.repeat(1274), options)).toThrow('Use a lower one or a shorter text.');
  });
});
