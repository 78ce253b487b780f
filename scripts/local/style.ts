import type { WriteStream } from 'node:tty';
import { styleText } from 'node:util';

type Paint = (text: string) => string;

/** Colours and weights of text on a terminal. */
export interface Style {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly link: Paint;
  readonly good: Paint;
  readonly bad: Paint;
  readonly warn: Paint;
  /** Light on dark, whatever colours the terminal has: a camera needs this to read a QR code. */
  readonly lightOnDark: Paint;
}

/** Colours if the stream is a terminal with colours and NO_COLOR is not set, else plain text. */
export function styleFor(stream: WriteStream | NodeJS.WritableStream): Style {
  const paint =
    (format: Parameters<typeof styleText>[0]): Paint =>
    (text) =>
      styleText(format, text, { stream });
  return {
    bold: paint('bold'),
    dim: paint('dim'),
    link: paint('cyan'),
    good: paint('green'),
    bad: paint('red'),
    warn: paint('yellow'),
    lightOnDark: paint(['whiteBright', 'bgBlack']),
  };
}
