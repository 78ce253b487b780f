import type { Language } from './language.ts';
import type { Mail } from './mail.ts';

/** For how long (s) a code works. */
export const CODE_SECONDS = 600;

const MINUTES = CODE_SECONDS / 60;

const TEXTS = {
  en: {
    subject: (code: string) => `${code} is your code for SoftSolz Payments`,
    title: 'Your code',
    use: `Enter it on the page where you asked for it. It works once, for ${MINUTES} minutes.`,
    warning: 'We never ask for this code on the phone or in a chat. If you did not ask for it, you need to do nothing.',
  },
  de: {
    subject: (code: string) => `${code} ist Ihr Code für SoftSolz Payments`,
    title: 'Ihr Code',
    use: `Geben Sie ihn auf der Seite ein, auf der Sie ihn angefordert haben. Er gilt einmal, ${MINUTES} Minuten lang.`,
    warning:
      'Wir fragen nie am Telefon oder im Chat nach diesem Code. Haben Sie ihn nicht angefordert, müssen Sie nichts tun.',
  },
};

/** The mail that brings a code of six digits. */
export function codeMail(to: string, code: string, language: Language): Mail {
  const { subject, title, use, warning } = TEXTS[language];
  return {
    to,
    subject: subject(code),
    text: `${title}\n\n${code}\n\n${use}\n\n${warning}\n\nSoftSolz Payments\n`,
    html: htmlOf({ language, title, code, use, warning }),
  };
}

/** Mail programs know few styles: all of them stand at the elements. None of the texts has a character to escape. */
function htmlOf(parts: Record<'language' | 'title' | 'code' | 'use' | 'warning', string>): string {
  const { language, title, code, use, warning } = parts;
  const font = 'font-family:system-ui,-apple-system,Segoe UI,Roboto,sans-serif;line-height:1.5';
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
</head>
<body style="margin:0;padding:24px 16px;${font}">
<div style="max-width:448px;margin:0 auto">
<h1 style="margin:0 0 16px;font-size:20px">${title}</h1>
<p style="margin:0 0 16px;font-family:ui-monospace,Menlo,Consolas,monospace;font-size:32px;font-weight:700;letter-spacing:8px">${code}</p>
<p style="margin:0 0 16px">${use}</p>
<p style="margin:0 0 24px">${warning}</p>
<p style="margin:0">SoftSolz Payments</p>
</div>
</body>
</html>
`;
}
