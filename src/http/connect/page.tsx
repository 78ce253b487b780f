import type { Context } from 'hono';
import { raw } from 'hono/html';
import type { Child } from 'hono/jsx';
import { PAPER } from '../buyer/button-colours.ts';
import { loadAsset } from '../buyer/load-asset.ts';
import { en } from '../buyer/locales/en.ts';
import { Icon, type PageNode, SERVICE_NAME, StateHeading } from '../buyer/page-parts.tsx';
import type { PageHeadersEnv } from '../middleware/security-headers.ts';
import type { ConnectText } from './texts.ts';

interface ConnectPageView {
  readonly text: ConnectText;
  /** True: the account takes test payments only. */
  readonly isSandbox?: boolean;
  /** Set if the page looks again by itself: it asks at `url`, and loads `refresh` when the status is another. */
  readonly polling?: { readonly status: string; readonly url: string; readonly refresh: string };
  /** The address behind "Look again". Not set: the page has no such link. */
  readonly againUrl?: string;
}

/** Without scripts a page that waits is loaded again after this time. */
const REFRESH_SECONDS = 8;
const STYLE =
  '.needs{list-style:none;padding:0;display:grid;gap:.75rem;margin-block-start:1.25rem}.needs .notice{margin:0}.closing{margin-block-start:1.25rem}';

/** The HTML document of a page about Stripe's onboarding, in English. It looks like the pay page. */
export async function connectPage(c: Context<PageHeadersEnv>, view: ConnectPageView): Promise<PageNode> {
  const [sheet, script] = await Promise.all([
    loadAsset(c.env.ASSETS, '/pay/style.css'),
    view.polling ? loadAsset(c.env.ASSETS, '/pay/done.js') : '',
  ]);
  return <ConnectPage {...view} nonce={c.var.nonce} sheet={sheet} script={script} />;
}

type ConnectPageProps = ConnectPageView & { readonly nonce: string; readonly sheet: string; readonly script: string };

function ConnectPage(props: ConnectPageProps): PageNode {
  const { text, isSandbox, polling, againUrl, nonce, script } = props;
  return (
    <>
      {raw('<!doctype html>')}
      <html lang="en" dir="ltr">
        <Head {...props} />
        <body>
          {isSandbox && (
            <header class="sandbox">
              <p>{en.sandbox}</p>
            </header>
          )}
          <main>
            <div class="body">
              <div class={text.isGood ? 'badge good' : polling ? 'badge wait' : 'badge'}>
                <Icon name={text.icon} size={28} />
              </div>
              <StateHeading title={text.title} />
              <Paragraphs texts={text.paragraphs} />
              <Needs texts={text.needs ?? []} />
              {text.closing && <p class="note closing">{text.closing}</p>}
              <div class="next">
                {polling && <p class="hint">This page looks again by itself for a minute.</p>}
                {againUrl !== undefined && (
                  <a class="pay quiet" href={againUrl}>
                    Look again
                  </a>
                )}
              </div>
            </div>
          </main>
          <footer>
            <span>{SERVICE_NAME}</span>
          </footer>
          {polling && script !== '' && (
            <script nonce={nonce} data-status={polling.status} data-url={polling.url} data-refresh={polling.refresh}>
              {raw(script)}
            </script>
          )}
        </body>
      </html>
    </>
  );
}

function Head({ text, polling, nonce, sheet, script }: ConnectPageProps): Child {
  return (
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width,initial-scale=1" />
      <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
      <title>{`${text.title} · ${SERVICE_NAME}`}</title>
      <meta name="robots" content="noindex" />
      <meta name="format-detection" content="telephone=no" />
      <meta name="theme-color" media="(prefers-color-scheme:light)" content={PAPER.light} />
      <meta name="theme-color" media="(prefers-color-scheme:dark)" content={PAPER.dark} />
      {sheet === '' && <link rel="stylesheet" href="/pay/style.css" />}
      <style nonce={nonce}>{raw(sheet + STYLE)}</style>
      {polling && <ReloadWithoutScript hasScript={script !== ''} url={polling.refresh} />}
    </head>
  );
}

function Needs({ texts }: { texts: readonly string[] }): Child {
  if (texts.length === 0) return null;
  return (
    <ul class="needs">
      {texts.map((text) => (
        <li class="notice calm">{text}</li>
      ))}
    </ul>
  );
}

/** The paragraphs below the heading. A screen reader says the first one with it. */
function Paragraphs({ texts }: { texts: readonly string[] }): Child {
  return texts.map((text, index) => (
    <p class="note" id={index === 0 ? 'note' : undefined}>
      {text}
    </p>
  ));
}

function ReloadWithoutScript({ hasScript, url }: { hasScript: boolean; url: string }): Child {
  const reload = <meta http-equiv="refresh" content={`${REFRESH_SECONDS};url=${url}`} />;
  return hasScript ? <noscript>{reload}</noscript> : reload;
}
