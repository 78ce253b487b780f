import { html } from 'hono/html';
import { SERVICE_NAME } from '../http/buyer/page-parts.tsx';
import type { Language } from './language.ts';

/** A part of a mail in HTML: a text, which is escaped, or what `html` of hono/html has made. */
type MailPart = string | ReturnType<typeof html>;

interface MailView {
  readonly language: Language;
  readonly title: string;
  readonly paragraphs: readonly MailPart[];
}

const FONT = 'font-family:system-ui,-apple-system,Segoe UI,Roboto,sans-serif;line-height:1.5';

/** The HTML document of a mail. Mail programs know few styles: all of them stand at the elements. */
export async function mailHtml({ language, title, paragraphs }: MailView): Promise<string> {
  const page = await html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
</head>
<body style="margin:0;padding:24px 16px;${FONT}">
<div style="max-width:448px;margin:0 auto;overflow-wrap:anywhere">
<h1 style="margin:0 0 16px;font-size:20px">${title}</h1>
${paragraphs.map((part) => html`<p style="margin:0 0 16px">${part}</p>\n`)}<p style="margin:24px 0 0">${SERVICE_NAME}</p>
</div>
</body>
</html>
`;
  return page.toString();
}

/** The text of a mail without HTML: its paragraphs, and the name of the service. */
export function mailText(...paragraphs: readonly string[]): string {
  return `${[...paragraphs, SERVICE_NAME].join('\n\n')}\n`;
}
