import type { Child } from 'hono/jsx';
import type { PageLayout } from './layout.tsx';

/** Without scripts a page that waits is loaded again after this time. */
const REFRESH_SECONDS = 5;

/** HTML for the head of a page that waits: if the script `done` does not run, the browser loads `url` after some seconds. */
export function ReloadWithoutScript({ page, url }: { page: PageLayout; url: string }): Child {
  const reload = <meta http-equiv="refresh" content={`${REFRESH_SECONDS};url=${url}`} />;
  return page.scripts.done === '' ? reload : <noscript>{reload}</noscript>;
}
