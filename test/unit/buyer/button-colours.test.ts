import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  buttonStyle,
  buttonWarnings,
  contrastRatio,
  DEFAULT_BUTTON,
  PAPER,
  readableTextColour,
} from '../../../src/http/buyer/button-colours.ts';

const STYLE = readFileSync('src/http/buyer/pay.css', 'utf8');
const channel = fc.integer({ min: 0, max: 255 });
const anyColour = fc
  .tuple(channel, channel, channel)
  .map((rgb) => `#${rgb.map((value) => value.toString(16).padStart(2, '0')).join('')}`);

describe('the contrast of two colours', () => {
  it.each([
    ['#ffffff', '#000000', 21],
    ['#ffffff', '#ffffff', 1],
    ['#767676', '#ffffff', 4.54],
    ['#777777', '#ffffff', 4.48],
  ])('of %s on %s is %d', (one, other, ratio) => {
    expect(contrastRatio(one, other)).toBeCloseTo(ratio, 2);
    expect(contrastRatio(other, one)).toBeCloseTo(ratio, 2);
  });
});

describe("the text colour of a merchant's button", () => {
  it.each([
    ['#1d4ed8', '#ffffff', '#ffffff'],
    ['#1D4ED8', '#FFF', '#ffffff'],
    ['#1d4ed8', '#1e40af', '#ffffff'],
    ['#ff0', '#fff', '#000000'],
    ['#ffff00', null, '#000000'],
    ['#000', null, '#ffffff'],
    ['#777777', '#ffffff', '#ffffff'],
    ['#949494', '#ffffff', '#ffffff'],
    ['#959595', '#ffffff', '#000000'],
    ['#635bff', '#bfe9ff', '#bfe9ff'],
    ['#1d4ed8', 'red;background:url(//e)', '#ffffff'],
    ['#1d4ed8', '#12345', '#ffffff'],
  ])('on %s with %s wanted is %s', (background, wanted, colour) => {
    expect(readableTextColour(background, wanted)).toBe(colour);
  });

  it('can always be read, and is the wanted one down to 3:1, else black or white', () => {
    fc.assert(
      fc.property(anyColour, fc.option(anyColour), (background, wanted) => {
        const text = readableTextColour(background, wanted);
        const isKept = wanted !== null && contrastRatio(background, wanted) >= 3;
        if (isKept) expect(text).toBe(wanted);
        else expect(contrastRatio(background, text)).toBeGreaterThanOrEqual(4.5);
      }),
    );
  });

  it.each(['red', '#12345', '', '#fff;}', 'url(//e)'])('refuses the background %j', (background) => {
    expect(() => readableTextColour(background, null)).toThrow(RangeError);
  });
});

describe('the style of the button', () => {
  it('is empty without colours', () => {
    expect(buttonStyle({ background: null, text: null })).toBe('');
  });

  it.each(['red;background:url(//e)', '#fff;}', '#12345', '</style><script>', 'javascript:x'])(
    'lets nothing of %j through',
    (hostile) => {
      expect(buttonStyle({ background: hostile, text: hostile })).toBe('');
      expect(buttonStyle({ background: '#fff', text: hostile })).not.toContain(hostile);
    },
  );

  it('gives a button an edge in the scheme whose card it would melt into', () => {
    expect(buttonStyle({ background: '#fff', text: null })).toBe(
      ':root{--button:#ffffff;--button-ink:#000000;--edge:var(--field)}' +
        '@media(prefers-color-scheme:dark){:root{--edge:var(--button)}}',
    );
    expect(buttonStyle({ background: '#1a1d25', text: null })).toBe(
      ':root{--button:#1a1d25;--button-ink:#ffffff;--edge:var(--button)}' +
        '@media(prefers-color-scheme:dark){:root{--edge:var(--field)}}',
    );
  });

  it('puts a text colour alone on the dark button, where it can be read there', () => {
    expect(buttonStyle({ background: null, text: '#fde047' })).toContain('--button:#14171f;--button-ink:#fde047;');
    expect(buttonStyle({ background: null, text: '#000' })).toContain('--button:#14171f;--button-ink:#ffffff;');
  });
});

/** The colours of one `:root{…}` as `#rrggbb`, by the token's name. */
function tokensOf(rule: string): Record<string, string> {
  const found = [...rule.matchAll(/--([\w-]+):\s*#([0-9a-f]{3,6})\b/g)];
  const long = (hex: string) => (hex.length === 3 ? hex.replace(/./g, '$&$&') : hex);
  return Object.fromEntries(found.map(([, name = '', hex = '']) => [name, `#${long(hex)}`]));
}

describe('the colours of the pages', () => {
  const [light = '', dark = ''] = [...STYLE.matchAll(/:root\s*\{([^}]*)\}/g)].map(([, rule = '']) => rule);
  const schemes = { light: tokensOf(light), dark: { ...tokensOf(light), ...tokensOf(dark) } };

  it('are those of the style sheet', () => {
    expect(schemes.light).toMatchObject({ paper: PAPER.light, button: DEFAULT_BUTTON });
    expect(schemes.dark).toMatchObject({ paper: PAPER.dark });
  });

  it.each(['light', 'dark'] as const)('can be read in the %s scheme: text at 4.5:1, boundaries at 3:1', (scheme) => {
    const colour = (name: string) => schemes[scheme][name] ?? 'missing';
    const text = 'ink/paper ink/ground soft/paper soft/ground soft/tint warn/warn-bg bad/paper button-ink/button';
    const boundaries = 'field/paper focus/paper focus/ground bad/paper ok/ok-bg button/paper';
    const ratio = (pair: string) => {
      const [one = '', other = ''] = pair.split('/');
      return contrastRatio(colour(one), colour(other));
    };
    expect(text.split(' ').filter((pair) => !(ratio(pair) >= 4.5))).toEqual([]);
    expect(boundaries.split(' ').filter((pair) => !(ratio(pair) >= 3))).toEqual([]);
  });
});

describe('the warnings of a button', () => {
  it.each([
    ['#0f5f6b', '#ffffff', []],
    [null, null, []],
    ['#ffffff', null, ['ground']],
    ['#0f5f6b', '#0f5f6c', ['text']],
    ['#eeeeee', '#dddddd', ['text', 'ground']],
    ['no colour', 'none either', []],
  ])('of %s with the text %s are %j', (background, text, warnings) => {
    expect(buttonWarnings({ background, text })).toEqual(warnings);
  });
});
