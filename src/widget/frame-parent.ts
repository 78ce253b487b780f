import { messageOf, readMessage } from '../contract/messages.ts';

/** The merchant's page, in which this frame is shown. */
interface Parent {
  /** Posts the message `payments.<name>`. The browser drops it if the page has another origin than expected. */
  post(name: string, data?: object): void;
}

/**
 * Exchanges messages with the merchant's page, if that has the origin `origin`. Posts `resize` when the height of the
 * frame's content or the title of its document changes, and `close` for the Escape key. Calls `onFocus` when the page
 * sends `focus`.
 */
export function parentAt(origin: string, onFocus: () => void): Parent {
  const post = (name: string, data?: object) => parent.postMessage(messageOf(name, data), origin);
  addEventListener('message', (event) => {
    if (readMessage(event, origin, parent)?.[0] === 'focus') onFocus();
  });
  addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !event.defaultPrevented && !event.isComposing) post('close');
  });
  // A title has no message of its own: a widget that a browser still has in its cache takes an unknown one for a result.
  const resize = () =>
    post('resize', { height: Math.ceil(document.body.getBoundingClientRect().height), title: document.title });
  new ResizeObserver(resize).observe(document.body);
  new MutationObserver(resize).observe(document.head, { childList: true, subtree: true, characterData: true });
  return { post };
}
