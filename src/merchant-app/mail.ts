import { SERVICE_NAME } from '../http/buyer/page-parts.tsx';
import type { Bindings, Config } from './env.ts';

/** A mail to one person. Both texts say the same. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Sends a mail. Throws if it is not accepted, an error that names nobody. */
export type SendMail = (mail: Mail) => Promise<void>;

/** Makes what sends the mails of this configuration. */
export type Mailer = (env: Bindings, config: Config) => SendMail;

/** Sends mails by Cloudflare's Email Service, from `MAIL_FROM`. */
export const cloudflareMailer: Mailer =
  ({ MAIL }, { mailFrom }) =>
  async (mail) => {
    try {
      await MAIL.send({ ...mail, from: { email: mailFrom, name: SERVICE_NAME } });
    } catch (error) {
      throw notAccepted(error);
    }
  };

/** What Cloudflare says may hold the recipient, and errors are logged: only its name and code are kept. */
function notAccepted(error: unknown): Error {
  const name = error instanceof Error ? error.name : 'unknown';
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? ` ${error.code}` : '';
  return new Error(`The mail was not accepted: ${name}${code}`);
}
