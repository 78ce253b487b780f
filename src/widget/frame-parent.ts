import { readMessage } from '../contract/message.ts';

/** The merchant's page. */
export interface Parent {
  /** Posts `payments.<name>` to the one origin that may frame this page. */
  post(name: string, data?: object): void;
}

/** Speaks to the page at `origin`, and hears nobody else. It is told how high this page is, whenever that changes. */
export function parentAt(origin: string, onFocus: () => void): Parent {
  const post = (name: string, data: object = {}) =>
    parent.postMessage({ source: 'softsolz', type: `payments.${name}`, data }, origin);
  addEventListener('message', (event) => {
    if (readMessage(event, origin, parent)?.[0] === 'focus') onFocus();
  });
  addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !event.defaultPrevented && !event.isComposing) post('close');
  });
  new ResizeObserver(() => post('resize', { height: Math.ceil(document.body.getBoundingClientRect().height) })).observe(
    document.body,
  );
  return { post };
}
