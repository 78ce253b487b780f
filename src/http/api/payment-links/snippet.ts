import { html } from 'hono/html';
import { contrastRatio, DEFAULT_BUTTON, readableTextColour } from '../../buyer/button-colours.ts';
import type { Snippet } from './responses.ts';

/** Most e-mail is read on white; what has less contrast than this (WCAG 2.2, 1.4.11) does not stand out from it. */
const PAPER = '#ffffff';
const BOUNDARY_CONTRAST = 3;

const HEX_COLOUR = /^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i;

/**
 * Composes what a merchant pastes to share a payment link. `url`: the link's pay page. `qrBase`: the URL, without a
 * slash at its end, under which `/qr.svg` and `/qr.png` are answered. Colours are `#rgb` or `#rrggbb`; without one, or
 * with anything else, the button is the default one, and a text colour that cannot be read on it gives way to one that
 * can. Everything given is text: it is escaped for where it stands.
 */
export function composeSnippet(link: {
  readonly url: string;
  readonly title: string;
  readonly buttonColor: string | null;
  readonly buttonTextColor: string | null;
  readonly qrBase: string;
}): Snippet {
  return {
    anchor_html: String(html`<a href="${link.url}" target="_blank" rel="noopener">Pay now</a>`),
    email_html: emailButton(link),
    qr_svg_url: `${link.qrBase}/qr.svg`,
    qr_png_url: `${link.qrBase}/qr.png`,
  };
}

/** Outlook draws with Word: it knows no padding on an anchor, so the cell has colour, border and `mso-padding-alt`. */
function emailButton(link: {
  readonly url: string;
  readonly title: string;
  readonly buttonColor: string | null;
  readonly buttonTextColor: string | null;
}): string {
  const background = sixDigits(link.buttonColor) ?? DEFAULT_BUTTON;
  const text = readableTextColour(background, link.buttonTextColor);
  const border = contrastRatio(background, PAPER) < BOUNDARY_CONTRAST ? text : background;
  const cell = `border:1px solid ${border};border-radius:8px;background-color:${background};mso-padding-alt:14px 28px`;
  const anchor = `display:inline-block;padding:14px 28px;mso-padding-alt:0;border-radius:7px;background-color:${background};color:${text};font-family:Arial,Helvetica,sans-serif;font-size:16px;line-height:20px;font-weight:bold;text-decoration:none`;
  return String(
    html`<table role="presentation" border="0" cellpadding="0" cellspacing="0" style="border-collapse:separate"><tr><td align="center" valign="middle" bgcolor="${background}" style="${cell}"><a href="${link.url}" target="_blank" rel="noopener" aria-label="Pay now: ${link.title}" style="${anchor}"><span style="color:${text}">Pay now</span></a></td></tr></table>`,
  );
}

/** E-mail programs do not all know `#rgb`. Null for what is no colour: nothing else may reach a style attribute. */
function sixDigits(colour: string | null): string | null {
  if (colour === null || !HEX_COLOUR.test(colour)) return null;
  const digits = colour.slice(1).toLowerCase();
  return `#${digits.length === 3 ? [...digits].map((digit) => digit + digit).join('') : digits}`;
}
