import { raw } from 'hono/html';
import type { Child } from 'hono/jsx';
import { linkUrl } from '../../core/urls.ts';
import { shownButton } from '../../http/buyer/page-parts.tsx';
import { composeSnippet } from '../../http/buyer/snippet.ts';
import { qrSvg } from '../../http/pay/qr-code.ts';
import { curlOf } from '../pages/curl.tsx';
import { Icon } from '../pages/icons.tsx';
import { Code, CodeLine } from '../pages/parts.tsx';
import { namedKey, widgetTag } from '../pages/widget-tag.ts';
import { pathOf } from '../paths.ts';
import { apiBodyOf } from './api-body.ts';
import { linkPath } from './link-facts.tsx';
import { shareTexts } from './share-texts.ts';
import type { ShareView } from './share-view.ts';

/** How a code is drawn: as at the address of the code, so that all are the same. */
const QR = { size: 512, errorCorrection: 'M', quietZone: 4 } as const;

/** The QR code of an address, in the width of its place. */
export function QrCode({ url }: { url: string }): Child {
  return <div class="qr">{raw(qrSvg(url, QR))}</div>;
}

/** The address of a link, its code, and the HTML to paste, each with a button that copies it. */
export function ShareParts({ view }: { view: ShareView }): Child {
  const { shell, publicUrl, found } = view;
  const { language } = shell;
  const texts = shareTexts[language];
  const { link } = found;
  const url = linkUrl(publicUrl, link.token);
  const snippet = composeSnippet({ ...link, buttonColor: shownButton(found).background, url }, texts.payNow);
  return (
    <section class="card stack" aria-labelledby="share">
      <h2 id="share">{texts.share}</h2>
      <div class="stack split share">
        <div class="stack tight">
          <QrCode url={url} />
          <Downloads view={view} svgUrl={snippet.qrSvgUrl} />
        </div>
        <div class="stack">
          <div class="stack tight">
            <h3>{texts.address}</h3>
            <CodeLine language={language} id="address" label={texts.theAddress} code={url} />
            <small>{texts.addressHint}</small>
          </div>
          <Code language={language} id="anchor" label={texts.anchor} code={snippet.anchorHtml} />
          <Code language={language} id="email" label={texts.email} code={snippet.emailHtml} />
          <WidgetTag view={view} />
        </div>
      </div>
    </section>
  );
}

function Downloads({ view: { shell, found }, svgUrl }: { view: ShareView; svgUrl: string }): Child {
  const texts = shareTexts[shell.language];
  const { token } = found.link;
  return (
    <>
      <small>{texts.qrHint}</small>
      <a class="btn" href={linkPath(shell, token, '/qr.png')}>
        <Icon name="download" size={18} />
        {texts.png}
      </a>
      <a class="btn" href={svgUrl} target="_blank" rel="noopener">
        <Icon name="out" size={18} />
        {texts.svg}
      </a>
      <a class="btn" href={linkPath(shell, token, '/poster')}>
        {texts.poster}
      </a>
    </>
  );
}

/** The tag of the widget, or the way to the key that it needs. */
function WidgetTag({ view: { shell, publicUrl, publicKeys, found } }: { view: ShareView }): Child {
  const texts = shareTexts[shell.language];
  if (publicKeys.length === 0) {
    return (
      <div class="stack tight">
        <h3>{texts.widget}</h3>
        <p class="soft">
          {texts.noKeyBefore}
          <a href={pathOf(shell, 'developers')}>{texts.noKeyLink}</a>
          {texts.noKeyAfter}
        </p>
      </div>
    );
  }
  const tag = widgetTag({ publicUrl, token: found.link.token });
  return (
    <div class="stack tight">
      <Code language={shell.language} id="widget" label={texts.widget} code={tag} />
      <small>{texts.widgetHint(publicKeys.map(namedKey).join(', '))}</small>
    </div>
  );
}

/** The same link as a request to the API. */
export function DeveloperPart({ view: { shell, publicUrl, found } }: { view: ShareView }): Child {
  const { language } = shell;
  const texts = shareTexts[language];
  const request = { method: 'POST', path: '/payment-links', body: apiBodyOf(found.link) } as const;
  return (
    <section class="card stack" aria-labelledby="api">
      <h2 id="api">{texts.api}</h2>
      <CodeLine language={language} id="id" label={texts.id} code={found.link.token} />
      <p class="soft">{texts.apiHint}</p>
      <Code language={language} id="curl" label={texts.request} code={curlOf(publicUrl, request)} />
    </section>
  );
}
