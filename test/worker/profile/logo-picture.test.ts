import { describe, expect, it } from 'vitest';
import {
  ascii,
  bigEndian,
  exif,
  jpeg,
  jpegSegment,
  littleEndian,
  png,
  pngChunk,
  webp,
  webpChunk,
} from '../../support/pictures.ts';
import { visit } from '../support/pay-page.ts';
import { expectProfile, expectUnchanged, putLogo, storedProfile } from '../support/profiles.ts';
import { newWorkspace } from '../support/workspace.ts';

const SMALL = { width: 64, height: 32 };
const PRIVATE = ascii('taken by Ann at 51.5 N');
const joined = (...parts: readonly (ArrayLike<number> & Iterable<number>)[]) =>
  Uint8Array.from(parts.flatMap((part) => [...part]));

/** The picture as the address of the logo serves it, after it was set. */
async function servedOf(picture: Uint8Array): Promise<Uint8Array> {
  const shop = await newWorkspace({ webhook: false });
  const { logo_url } = await expectProfile(await putLogo(shop, picture));
  return new Uint8Array(await (await visit(new URL(logo_url ?? '').pathname)).arrayBuffer());
}

describe('a logo that is not whole is refused with 415', () => {
  const [wholePng, wholeJpeg, wholeWebp] = [png(SMALL), jpeg(SMALL), webp(SMALL)];
  const apple = joined(wholePng.slice(0, 8), pngChunk('CgBI', [0x50, 0, 0x20, 2]), wholePng.slice(8));

  it.each([
    ['a PNG without its last chunk', wholePng.slice(0, -12)],
    ['a PNG that breaks off in its pixels', wholePng.slice(0, -20)],
    ['a PNG without pixels', joined(wholePng.slice(0, 33), pngChunk('IEND', []))],
    ["a PNG in Apple's own form", apple],
    ['a JPEG without its last marker', wholeJpeg.slice(0, -2)],
    ['a JPEG that breaks off before its pixels', joined(wholeJpeg.slice(0, 100), [0xff, 0xd9])],
    ['a JPEG without pixels', joined(wholeJpeg.slice(0, -16), [0xff, 0xd9])],
    ['a WebP that is shorter than it says', wholeWebp.slice(0, -2)],
    ['a WebP that is longer than it says', joined(wholeWebp, [0, 0])],
    ['a WebP whose last chunk is cut off', joined(ascii('RIFF'), littleEndian(40, 4), wholeWebp.slice(8, 48))],
    ['a WebP without pixels', joined(ascii('RIFF'), littleEndian(22, 4), wholeWebp.slice(8, 30))],
  ])('%s', async (_, bytes) => {
    const shop = await newWorkspace({ webhook: false });
    const refused = await expectUnchanged(shop, () => putLogo(shop, bytes), 415, 'unsupported_media_type');
    expect(refused.message).toContain('not a whole');
  });
});

describe('a logo is refused with 400', () => {
  it.each([
    ['an animated PNG', png({ ...SMALL, before: pngChunk('acTL', [...bigEndian(2, 4), ...bigEndian(0, 4)]) })],
    ['an animated WebP', webp({ ...SMALL, flags: 0b10 })],
  ])('that is %s', async (_, bytes) => {
    const shop = await newWorkspace({ webhook: false });
    const refused = await expectUnchanged(shop, () => putLogo(shop, bytes), 400, 'validation_failed');
    expect(refused.details).toMatchObject([{ path: 'logo', code: 'validation_failed' }]);
    expect(refused.message).toContain('animated');
  });

  it('that its EXIF data turns or mirrors, in each format and byte order', async () => {
    const shop = await newWorkspace({ webhook: false });
    for (const data of [exif(6), exif(2, littleEndian), exif(8)]) {
      for (const picture of [
        png({ ...SMALL, before: pngChunk('eXIf', data) }),
        jpeg({ ...SMALL, before: jpegSegment(0xe1, [...ascii('Exif\0\0'), ...data]) }),
        webp({ ...SMALL, flags: 0b1000, after: webpChunk('EXIF', data) }),
      ]) {
        const refused = await expectUnchanged(shop, () => putLogo(shop, picture), 400, 'validation_failed');
        expect(refused.message).toMatch(/^logo must be upright.* EXIF orientation of \d.*save it again/);
      }
    }
  });
});

describe('a logo is published without what a camera or editor wrote into it', () => {
  const app = (marker: number, label: string) => jpegSegment(marker, [...ascii(label), ...PRIVATE]);

  it.each([
    [
      'a PNG',
      png(SMALL),
      png({
        ...SMALL,
        before: [
          ...pngChunk('eXIf', [...exif(1), ...PRIVATE]),
          ...pngChunk('tEXt', PRIVATE),
          ...pngChunk('iTXt', PRIVATE),
        ],
      }),
    ],
    [
      'a JPEG',
      jpeg(SMALL),
      jpeg({
        ...SMALL,
        before: [
          ...jpegSegment(0xe1, [...ascii('Exif\0\0'), ...exif(1, littleEndian), ...PRIVATE]),
          ...app(0xe1, 'http://ns.adobe.com/xap/1.0/\0'),
          ...app(0xe2, 'MPF\0'),
          ...app(0xed, 'Photoshop 3.0\0'),
          ...app(0xfe, ''),
        ],
      }),
    ],
    [
      'a WebP',
      webp(SMALL),
      webp({
        ...SMALL,
        flags: 0b1100,
        after: [...webpChunk('EXIF', [...exif(1), ...PRIVATE]), ...webpChunk('XMP ', PRIVATE)],
      }),
    ],
  ])('%s', async (_, plain, tagged) => {
    expect(tagged.length).toBeGreaterThan(plain.length);
    expect(await servedOf(tagged)).toEqual(plain);
  });

  it('and without anything behind its end', async () => {
    expect(await servedOf(joined(png(SMALL), PRIVATE))).toEqual(png(SMALL));
    expect(await servedOf(joined(jpeg(SMALL), [0xff, 0xd8], PRIVATE))).toEqual(jpeg(SMALL));
  });

  it('but with its colours, and with broken EXIF data as if it had none', async () => {
    const colours = png({ ...SMALL, before: pngChunk('gAMA', bigEndian(45_455, 4)) });
    expect(await servedOf(colours)).toEqual(colours);
    const profile = jpeg({ ...SMALL, before: jpegSegment(0xe2, [...ascii('ICC_PROFILE\0'), 1, 1, ...PRIVATE]) });
    expect(await servedOf(profile)).toEqual(profile);
    for (const broken of [[], ascii('MM'), exif(6).slice(0, 12), [...exif(6).slice(0, 4), 255, 255, 255, 255]]) {
      expect(await servedOf(png({ ...SMALL, before: pngChunk('eXIf', broken) }))).toEqual(png(SMALL));
    }
  });

  it('so that the same picture with other words in it changes nothing', async () => {
    const shop = await newWorkspace({ webhook: false });
    await putLogo(shop, png(SMALL));
    const before = await storedProfile(shop);
    await expectProfile(await putLogo(shop, png({ ...SMALL, before: pngChunk('tEXt', PRIVATE) })));
    expect(await storedProfile(shop)).toEqual(before);
  });
});
