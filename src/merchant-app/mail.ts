import type { Bindings, Config } from './env.ts';

/** A mail to one person. Both texts say the same. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Sends a mail. Throws if it is not accepted. */
export type SendMail = (mail: Mail) => Promise<void>;

/** Makes what sends the mails of this configuration. */
export type Mailer = (env: Bindings, config: Config) => SendMail;

/** Sends mails by Cloudflare's Email Service, from `MAIL_FROM`. */
export const cloudflareMailer: Mailer =
  ({ MAIL }, { mailFrom }) =>
  async (mail) => {
    await MAIL.send({ ...mail, from: { email: mailFrom, name: 'SoftSolz Payments' } });
  };
