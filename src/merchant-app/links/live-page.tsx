import type { PaymentLink } from '../../db/payment-links.ts';
import type { PageNode } from '../pages/layout.tsx';
import { BackLink, Notice } from '../pages/parts.tsx';
import { type ShellView, WorkspaceScreen } from '../pages/shell.tsx';
import type { Clock } from '../time.ts';
import { linkPath, priceText } from './link-facts.tsx';
import { shareTexts } from './share-texts.ts';

interface LiveView {
  readonly shell: ShellView;
  readonly clock: Clock;
  /** The link in the sandbox. */
  readonly link: PaymentLink;
  /** The random id of the form, so that it makes one link however often it is sent. */
  readonly form: string;
}

/** The page that says what becomes of a sandbox link in live, before it is copied. */
export function livePage({ shell, clock, link, form }: LiveView): PageNode {
  const { language } = shell;
  const texts = shareTexts[language].live;
  const inSandbox = linkPath({ ...shell, mode: 'sandbox' }, link.token);
  return (
    <WorkspaceScreen shell={shell} title={texts.title} screen="links">
      <BackLink href={inSandbox} text={link.title} />
      <h1>{texts.title}</h1>
      <section class="card stack narrow" aria-label={texts.title}>
        <p>{texts.intro(link.title, priceText(language, link))}</p>
        <ul class="dots">
          <li>{link.active ? texts.isOn : texts.isOff}</li>
          {texts.what.map((sentence) => (
            <li>{sentence}</li>
          ))}
          {link.successUrl !== null && <li>{texts.successUrl(link.successUrl)}</li>}
        </ul>
        {link.expiresAt !== null && link.expiresAt <= clock.now && <Notice tone="warn">{texts.expired}</Notice>}
        <form action={linkPath(shell, link.token, '/from-sandbox')} method="post">
          <input type="hidden" name="form" value={form} />
          <div class="row">
            <button class="btn main" type="submit">
              {texts.submit}
            </button>
            <a class="btn bare" href={inSandbox}>
              {texts.cancel}
            </a>
          </div>
        </form>
      </section>
    </WorkspaceScreen>
  );
}
