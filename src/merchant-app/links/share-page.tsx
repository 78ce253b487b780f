import type { Child } from 'hono/jsx';
import { linkUrl } from '../../core/urls.ts';
import type { PaymentLink } from '../../db/payment-links.ts';
import { shownButton } from '../../http/buyer/page-parts.tsx';
import { Icon } from '../pages/icons.tsx';
import type { PageNode } from '../pages/layout.tsx';
import { BackLink, Notice, When } from '../pages/parts.tsx';
import { WorkspaceScreen } from '../pages/shell.tsx';
import { pathOf } from '../paths.ts';
import { type Clock, tagOf } from '../time.ts';
import { LinkBadge, LinkSwitch, linkPath, PaleNotice, priceText, Taken } from './link-facts.tsx';
import { DeveloperPart, ShareParts } from './share-parts.tsx';
import { shareTexts } from './share-texts.ts';
import type { ShareView } from './share-view.ts';
import { linksTexts } from './texts.ts';

/** The page of one link: its address and code in all forms, what it has taken, and what can be done with it. */
export function sharePage(view: ShareView): PageNode {
  const { shell, clock, found, may, done } = view;
  const { link } = found;
  const { language } = shell;
  const texts = shareTexts[language];
  return (
    <WorkspaceScreen shell={shell} title={link.title} screen="links">
      <BackLink href={pathOf(shell, 'links')} text={linksTexts[language].allLinks} />
      <div class="head">
        <div class="row">
          <h1>{link.title}</h1>
          <LinkBadge clock={clock} link={link} />
        </div>
        <Actions view={view} />
      </div>
      {done !== null && <Notice tone="ok">{texts[done]}</Notice>}
      {may.write && link.buttonColor !== null && <PaleNotice language={language} button={shownButton(found)} />}
      <Facts view={view} />
      <ShareParts view={view} />
      <DeveloperPart view={view} />
      {(may.write || may.writeLive) && <More view={view} />}
    </WorkspaceScreen>
  );
}

function Actions({ view: { shell, publicUrl, found, may } }: { view: ShareView }): Child {
  const texts = shareTexts[shell.language];
  const { token } = found.link;
  return (
    <div class="row">
      {may.write && (
        <a class="btn" href={linkPath(shell, token, '/edit')}>
          {texts.edit}
        </a>
      )}
      <a class="btn main" href={linkUrl(publicUrl, token)} target="_blank" rel="noopener">
        {texts.openPage}
        <Icon name="out" size={18} />
      </a>
    </div>
  );
}

function Facts({ view: { shell, clock, found, may } }: { view: ShareView }): Child {
  const { link } = found;
  const { language } = shell;
  const texts = shareTexts[language];
  return (
    <section class="card cols facts" aria-label={link.title}>
      <Fact name={texts.taken}>
        <Taken language={language} link={link} />
        <a href={`${pathOf(shell, 'payments')}?link=${link.token}`}>{texts.toPayments}</a>
      </Fact>
      <Fact name={texts.price}>{priceText(language, link)}</Fact>
      {link.maxPayments !== null && <Fact name={texts.limit}>{limitText(language, link)}</Fact>}
      {link.expiresAt !== null && (
        <Fact name={texts.openUntil}>
          <When clock={clock} at={link.expiresAt} /> {link.expiresAt <= clock.now && texts.expired}
        </Fact>
      )}
      <Fact name={texts.madeOn}>
        <When clock={clock} at={link.createdAt} day />
      </Fact>
      {may.write && (
        <Fact name={linksTexts[language].takesPayments}>
          <LinkSwitch shell={shell} link={link} back={null} />
        </Fact>
      )}
    </section>
  );
}

function limitText(language: Clock['language'], { paidCount, maxPayments }: PaymentLink): string {
  const number = (value: number) => value.toLocaleString(tagOf(language));
  return shareTexts[language].limitOf(number(paidCount), number(maxPayments ?? 0));
}

function Fact({ name, children }: { name: string; children: Child }): Child {
  return (
    <div>
      <small>{name}</small>
      <div>{children}</div>
    </div>
  );
}

/** What makes another link of this one. */
function More({ view: { shell, found, may, form } }: { view: ShareView }): Child {
  const texts = shareTexts[shell.language];
  const { token } = found.link;
  return (
    <section class="card flush" aria-labelledby="more">
      <div class="head">
        <h2 id="more">{texts.more}</h2>
      </div>
      <ul class="list">
        {may.write && (
          <li>
            <div>
              <strong>{texts.duplicate}</strong>
              <small>{texts.duplicateHint}</small>
            </div>
            <form action={linkPath(shell, token, '/duplicate')} method="post">
              <input type="hidden" name="form" value={form} />
              <button class="btn" type="submit">
                {texts.duplicate}
              </button>
            </form>
          </li>
        )}
        {shell.mode === 'sandbox' && may.writeLive && (
          <li>
            <div>
              <strong>{texts.toLive}</strong>
              <small>{texts.toLiveHint}</small>
            </div>
            <a class="btn" href={linkPath({ ...shell, mode: 'live' }, token, '/from-sandbox')}>
              {texts.toLive}
            </a>
          </li>
        )}
      </ul>
    </section>
  );
}
