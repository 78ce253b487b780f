import { html } from 'hono/html';
import { buttonColours, contrastRatio } from './button-colours.ts';

/** Most e-mail is read on a white background. A button with less contrast to it (WCAG 2.2, 1.4.11) gets a border. */
const PAPER = '#ffffff';
const BOUNDARY_CONTRAST = 3;

interface SnippetInput {
  /** The address of the pay page. The QR codes have addresses below it. */
  readonly url: string;
  readonly title: string;
  /** `#rgb` or `#rrggbb`. For anything else the button has the default colour. */
  readonly buttonColor: string | null;
  /** `#rgb` or `#rrggbb`. If the text could not be read on the button, it is black or white. */
  readonly buttonTextColor: string | null;
}

/** The HTML and the addresses of the QR code with which a merchant shares a link. */
export interface Snippet {
  /** An anchor in one line, for a website. */
  readonly anchorHtml: string;
  /** A button for an e-mail. */
  readonly emailHtml: string;
  readonly qrSvgUrl: string;
  readonly qrPngUrl: string;
}

/**
 * Makes the HTML and the QR code addresses with which a merchant shares a link. All texts are escaped. `label`: what the
 * anchor and the button say.
 */
export function composeSnippet(link: SnippetInput, label = 'Pay now'): Snippet {
  return {
    anchorHtml: String(html`<a href="${link.url}" target="_blank" rel="noopener">${label}</a>`),
    emailHtml: emailButton(link, label),
    qrSvgUrl: `${link.url}/qr.svg`,
    qrPngUrl: `${link.url}/qr.png`,
  };
}

/**
 * The text is large and bold, because merchants' colours may have a contrast of only 3:1. Outlook ignores the padding of an anchor, so the table cell has the colour, the
 * border and `mso-padding-alt`.
 */
function emailButton({ url, title, buttonColor, buttonTextColor }: SnippetInput, label: string): string {
  const { background, text } = buttonColours({ background: buttonColor, text: buttonTextColor });
  const border = contrastRatio(background, PAPER) < BOUNDARY_CONTRAST ? text : background;
  const cell = `border:1px solid ${border};border-radius:8px;background-color:${background};mso-padding-alt:12px 28px`;
  const anchor = `display:inline-block;padding:12px 28px;mso-padding-alt:0;border-radius:7px;background-color:${background};color:${text};font-family:Arial,Helvetica,sans-serif;font-size:19px;line-height:24px;font-weight:bold;text-decoration:none`;
  return String(
    html`<table role="presentation" border="0" cellpadding="0" cellspacing="0" style="border-collapse:separate"><tr><td align="center" valign="middle" bgcolor="${background}" style="${cell}"><a href="${url}" target="_blank" rel="noopener" aria-label="${label}: ${title}" style="${anchor}"><span style="color:${text}">${label}</span></a></td></tr></table>`,
  );
}
