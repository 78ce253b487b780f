import { messageOf, readMessage } from '../contract/messages.ts';

/** The merchant's page. */
export interface Parent {
  /** Posts `payments.<name>` to the one origin that may frame this page. */
  post(name: string, data?: object): void;
}

/**
 * Exchanges messages with the merchant's page at `origin`, and with no other. Posts the height of this page whenever it
 * changes, and `close` for the Escape key.
 */
export function parentAt(origin: string, onFocus: () => void): Parent {
  const post = (name: string, data?: object) => parent.postMessage(messageOf(name, data), origin);
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
