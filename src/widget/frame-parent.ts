import { messageOf, readMessage } from '../contract/messages.ts';

/** The merchant's page, which holds this frame. */
export interface Parent {
  /** Posts the message `payments.<name>` to the page, if it has the origin that may hold this frame. */
  post(name: string, data?: object): void;
}

/**
 * Connects to the merchant's page at `origin`, and to no other. It posts the height of the frame's page when that changes, and
 * `close` for the Escape key. `onFocus` runs when the page sends `focus`.
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
