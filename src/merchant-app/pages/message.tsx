import { Mark, Page, type PageNode } from './layout.tsx';

/** A page that only says something, with the way to the app. */
export function messagePage(title: string, text: string): PageNode {
  return (
    <Page title={title}>
      <div class="card up stack">
        <Mark />
        <div class="stack tight">
          <h1>{title}</h1>
          <p class="soft">{text}</p>
        </div>
        <a class="btn" href="/app">
          Go to the app
        </a>
      </div>
    </Page>
  );
}
