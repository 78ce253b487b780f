import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { composeSnippet } from '../../../src/http/buyer/snippet.ts';

const URL_OF_LINK = 'https://app.softsolz.uk/pay/link/lnk_8f3c2a1b9d';
const LINK = {
  url: URL_OF_LINK,
  title: 'Studio deposit',
  buttonColor: null,
  buttonTextColor: null,
};

interface Tag {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
const decoded = (text: string): string => text.replace(/&(\w+|#\d+);/g, (whole, name) => ENTITIES[name] ?? whole);

/** The tags and the text of well-formed HTML; whatever is neither a tag nor escaped text stays as `rest`. */
function parsed(source: string): { opened: Tag[]; text: string; rest: string } {
  const TAG = /<(\/?)([a-z]+)((?: [a-z-]+="[^"<>]*")*)>/g;
  const opened = [...source.matchAll(TAG)]
    .filter(([, slash]) => slash === '')
    .map(([, , name = '', attributes = '']) => ({
      name,
      attributes: Object.fromEntries(
        [...attributes.matchAll(/ ([a-z-]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, decoded(value)]),
      ),
    }));
  const between = source.replace(TAG, '');
  return { opened, text: decoded(between), rest: between.replace(/[^<>"']/g, '') };
}

/** The declarations of a style attribute by name. */
function styleOf(tag: Tag | undefined): Record<string, string> {
  const declarations = (tag?.attributes.style ?? '').split(';').map((declaration) => declaration.split(':'));
  return Object.fromEntries(declarations.map(([name = '', value = '']) => [name, value]));
}

function emailParts(link: Partial<typeof LINK> | { buttonColor?: string; buttonTextColor?: string }) {
  const { opened, text, rest } = parsed(composeSnippet({ ...LINK, ...link }).emailHtml);
  const find = (name: string) => opened.find((tag) => tag.name === name);
  return {
    names: opened.map(({ name }) => name),
    text,
    rest,
    cell: find('td'),
    anchor: find('a'),
    label: find('span'),
  };
}

/** WCAG 2.2: relative luminance and contrast ratio of two `#rrggbb`. */
function contrast(left: string, right: string): number {
  const luminance = (colour: string) =>
    [1, 3, 5]
      .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
      .map((level) => (level <= 0.04045 ? level / 12.92 : ((level + 0.055) / 1.055) ** 2.4))
      .reduce((sum, level, index) => sum + level * ([0.2126, 0.7152, 0.0722][index] ?? 0), 0);
  const [darker = 0, lighter = 0] = [luminance(left), luminance(right)].sort((first, second) => first - second);
  return (lighter + 0.05) / (darker + 0.05);
}

const hexDigit = fc.constantFrom(...'0123456789abcdefABCDEF');
const hexColour = fc
  .oneof(fc.array(hexDigit, { minLength: 3, maxLength: 3 }), fc.array(hexDigit, { minLength: 6, maxLength: 6 }))
  .map((digits) => `#${digits.join('')}`);

describe('composeSnippet', () => {
  it('gives the anchor to the letter', () => {
    expect(composeSnippet(LINK).anchorHtml).toBe(
      '<a href="https://app.softsolz.uk/pay/link/lnk_8f3c2a1b9d" target="_blank" rel="noopener">Pay now</a>',
    );
  });

  it('has another label on the anchor and the button where it is given one', () => {
    const { anchorHtml, emailHtml } = composeSnippet(LINK, 'Zahlen & fertig');
    expect(anchorHtml).toContain('>Zahlen &amp; fertig</a>');
    expect(parsed(emailHtml).text).toBe('Zahlen & fertig');
    expect(emailHtml).toContain('aria-label="Zahlen &amp; fertig: Studio deposit"');
  });

  it('gives the addresses of the QR code and nothing that was not asked for', () => {
    const snippet = composeSnippet({ ...LINK, url: 'https://pay.example/pay/link/lnk_1' });
    expect(snippet.qrSvgUrl).toBe('https://pay.example/pay/link/lnk_1/qr.svg');
    expect(snippet.qrPngUrl).toBe('https://pay.example/pay/link/lnk_1/qr.png');
    expect(Object.keys(snippet)).toEqual(['anchorHtml', 'emailHtml', 'qrSvgUrl', 'qrPngUrl']);
  });

  it('gives plain strings, which JSON carries as they are', () => {
    const snippet = composeSnippet(LINK);
    expect(JSON.parse(JSON.stringify(snippet))).toEqual(snippet);
    expect(Object.values(snippet).map((value) => typeof value)).toEqual(['string', 'string', 'string', 'string']);
  });
});

describe('the e-mail button', () => {
  it('is a table with one link and one visible text', () => {
    const { names, text, rest, anchor } = emailParts({});
    expect(names).toEqual(['table', 'tr', 'td', 'a', 'span']);
    expect(text).toBe('Pay now');
    expect(rest).toBe('');
    expect(anchor?.attributes).toMatchObject({
      href: URL_OF_LINK,
      target: '_blank',
      rel: 'noopener',
      'aria-label': 'Pay now: Studio deposit',
    });
  });

  it('gives Outlook its colour and padding on the cell, and no class, sheet or image', () => {
    const { cell, anchor } = emailParts({ buttonColor: '#1d4ed8', buttonTextColor: '#ffffff' });
    expect(cell?.attributes).toMatchObject({ bgcolor: '#1d4ed8', align: 'center' });
    expect(styleOf(cell)).toMatchObject({ 'background-color': '#1d4ed8', 'mso-padding-alt': '12px 28px' });
    expect(styleOf(anchor)).toMatchObject({ padding: '12px 28px', 'mso-padding-alt': '0', display: 'inline-block' });
    expect(composeSnippet(LINK).emailHtml).not.toMatch(/class=|<style|<img|url\(|@|var\(/);
  });

  it('is dark with white text where the link has no colours', () => {
    const { cell, label } = emailParts({});
    expect(cell?.attributes.bgcolor).toBe('#14171f');
    expect(styleOf(label)).toEqual({ color: '#ffffff' });
  });

  it('writes short colours out and in lower case', () => {
    const { cell, anchor, label } = emailParts({ buttonColor: '#FD0', buttonTextColor: '#123' });
    expect(cell?.attributes.bgcolor).toBe('#ffdd00');
    expect(styleOf(anchor)).toMatchObject({ color: '#112233', 'background-color': '#ffdd00' });
    expect(styleOf(label)).toEqual({ color: '#112233' });
  });

  it('can be read and distinguished from white paper in every colour', () => {
    fc.assert(
      fc.property(hexColour, hexColour, (buttonColor, buttonTextColor) => {
        const { cell, anchor, label } = emailParts({ buttonColor, buttonTextColor });
        const background = cell?.attributes.bgcolor ?? '';
        const border = styleOf(cell).border?.replace('1px solid ', '') ?? '';
        expect([background, border].every((colour) => /^#[0-9a-f]{6}$/.test(colour))).toBe(true);
        expect(styleOf(anchor).color).toBe(styleOf(label).color);
        expect(contrast(background, styleOf(label).color ?? '')).toBeGreaterThanOrEqual(3);
        expect(styleOf(anchor)).toMatchObject({ 'font-size': '19px', 'font-weight': 'bold' });
        expect(contrast(border, '#ffffff')).toBeGreaterThanOrEqual(3);
      }),
    );
  });

  it.each(['red;background:url(//x)', '#fff;}', '#12345', '#ggg', '#fff\n', '"><script>', 'expression(alert(1))', ''])(
    'takes the default colours instead of %j',
    (colour) => {
      const plain = composeSnippet(LINK).emailHtml;
      expect(composeSnippet({ ...LINK, buttonColor: colour, buttonTextColor: colour }).emailHtml).toBe(plain);
    },
  );

  it.each([
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    '</title></td></table><script>alert(1)</script>',
    '&quot;&lt;b&gt;',
    '<!--',
    '{{constructor}}',
    '\u202egpj.exe',
    '😀'.repeat(250),
    'a'.repeat(250),
  ])('keeps the title %j as text', (title) => {
    const { names, text, rest, anchor } = emailParts({ title });
    expect(names).toEqual(['table', 'tr', 'td', 'a', 'span']);
    expect({ text, rest }).toEqual({ text: 'Pay now', rest: '' });
    expect(anchor?.attributes['aria-label']).toBe(`Pay now: ${title}`);
  });

  it('keeps any title as text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 250 }), (title) => {
        expect(emailParts({ title }).anchor?.attributes['aria-label']).toBe(`Pay now: ${title}`);
      }),
    );
  });

  it('escapes the address in both snippets', () => {
    const url = `${URL_OF_LINK}?a=1&lang=de"><script>`;
    const { anchorHtml, emailHtml } = composeSnippet({ ...LINK, url });
    for (const source of [anchorHtml, emailHtml]) {
      const { opened, rest } = parsed(source);
      expect(opened.find(({ name }) => name === 'a')?.attributes.href).toBe(url);
      expect(rest).toBe('');
    }
  });
});
