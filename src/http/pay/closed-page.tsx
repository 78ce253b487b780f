import type { Child } from 'hono/jsx';
import { Icon, type IconName } from '../buyer/icons.tsx';
import { From, Layout, type PageNode } from '../buyer/layout.tsx';
import { type Strings, say } from '../buyer/strings.tsx';
import { DONE_SCRIPT, ReloadWithoutScript } from './done-page.tsx';
import type { ClosedPageView } from './view.ts';

const ICONS: Readonly<Record<ClosedPageView['reason'], IconName>> = {
  not_found: 'search',
  inactive: 'pause',
  expired: 'clock',
  sold_out: 'pause',
  sold_out_held: 'clock',
  not_ready: 'clock',
  slow_down: 'clock',
  unavailable: 'alert',
  done_unavailable: 'clock',
  refused: 'lock',
  wrong_method: 'alert',
};

/** The browser asked in a way that is not taken: what helps is to open the page. */
const ASKED_WRONGLY: readonly ClosedPageView['reason'][] = ['refused', 'wrong_method'];

/** A page that takes no payment: why, in the merchant's words where there are some, and what to do next. */
export function ClosedPage(view: ClosedPageView): PageNode {
  const { strings, retryUrl, statusUrl } = view;
  const { title, text } = strings.closed[view.reason];
  const polled = retryUrl !== null && statusUrl !== null ? { 'data-url': statusUrl, 'data-refresh': retryUrl } : null;
  return (
    <Layout
      frame={view}
      script={polled ? { source: DONE_SCRIPT, data: polled } : undefined}
      head={polled && <ReloadWithoutScript url={polled['data-refresh']} />}
    >
      {view.heading !== null && <From businessName={view.businessName} subject={view.heading} strings={strings} />}
      <div class="body">
        <div class="badge">
          <Icon name={ICONS[view.reason]} size={26} />
        </div>
        <h1>{title}</h1>
        <p class="note">{view.message === null ? text : <bdi>{view.message}</bdi>}</p>
        <Retry view={view} />
      </div>
    </Layout>
  );
}

function Retry({ view }: { view: ClosedPageView }): Child {
  const { reason, retryAfterSeconds, retryUrl, locale, strings } = view;
  return (
    <>
      {retryAfterSeconds !== null && reason !== 'done_unavailable' && (
        <p class="note">{say(strings.tryAgainWhen, { when: soon(retryAfterSeconds, locale.tag) })}</p>
      )}
      {retryUrl !== null && (
        <div class="next">
          <a class="pay quiet" href={retryUrl}>
            {retryText(reason, strings)}
          </a>
        </div>
      )}
    </>
  );
}

/** Whoever may have paid is never asked to try again: they would pay twice. */
function retryText(reason: ClosedPageView['reason'], strings: Strings): string {
  if (reason === 'done_unavailable') return strings.refresh;
  return ASKED_WRONGLY.includes(reason) ? strings.openPage : strings.tryAgain;
}

/** "in 30 seconds", "in 5 minutes". */
function soon(seconds: number, tag: string): string {
  const format = new Intl.RelativeTimeFormat(tag);
  return seconds < 90 ? format.format(seconds, 'second') : format.format(Math.ceil(seconds / 60), 'minute');
}
