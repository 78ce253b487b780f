import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPicture } from '../../../src/core/picture.ts';
import { ascii, exif, jpeg, jpegSegment, png, pngChunk, webp, webpChunk } from '../../support/pictures.ts';

const SIZE = { width: 40, height: 33 };
const FORMATS = [
  ['PNG', png(SIZE), png({ ...SIZE, before: pngChunk('eXIf', exif(1)) })],
  ['JPEG', jpeg(SIZE), jpeg({ ...SIZE, before: jpegSegment(0xe1, [...ascii('Exif\0\0'), ...exif(1)]) })],
  ['WebP', webp(SIZE), webp({ ...SIZE, flags: 0b1000, after: webpChunk('EXIF', exif(1)) })],
] as const;

describe.each(FORMATS)('reading a %s', (_, plain, tagged) => {
  it('says its size, and leaves it as it is where it has no metadata', () => {
    expect(readPicture(plain)).toMatchObject({ kind: 'picture', picture: { ...SIZE, bytes: plain } });
    expect(readPicture(tagged)).toMatchObject({ kind: 'picture', picture: { ...SIZE, bytes: plain } });
  });

  it('refuses it if any number of bytes is missing at its end', () => {
    for (let length = 0; length < tagged.length; length++) {
      expect([length, readPicture(tagged.slice(0, length)).kind]).toEqual([
        length,
        expect.stringMatching(/^(unknown|incomplete)$/),
      ]);
    }
  });

  it('answers whatever its bytes are, and has nothing left to leave out of its own answer', () => {
    const change = fc.tuple(fc.nat(tagged.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), (changes) => {
        const bytes = tagged.slice();
        for (const [at, value] of changes) bytes[at] = value;
        const reading = readPicture(bytes);
        if (reading.kind !== 'picture') return;
        expect(readPicture(reading.picture.bytes)).toEqual(reading);
      }),
      { numRuns: 2_000 },
    );
  });
});
