import type { FrameIcon, FrameText, FrameTexts } from '../../contract/frame-data.ts';
import type { ErrorCode } from '../../core/errors.ts';
import type { Strings } from '../buyer/strings.tsx';

/** The texts for the frame's script. `lateMessage`: the merchant's own text for a link that is closed. */
export function frameTexts({ embed, done, closed, titles }: Strings, lateMessage: string | null): FrameTexts {
  return {
    loading: withIcon('loading', { title: embed.loading, text: '' }),
    notLoaded: withIcon('alert', embed.notLoaded),
    over: withIcon('clock', embed.over),
    confirming: withIcon('confirming', done.confirming),
    processing: withIcon('clock', done.processing),
    succeeded: { ...withIcon('tick', { title: done.paid.title, text: '' }), short: titles.paid },
    failed: withIcon('alert', done.failed),
    expired: withIcon('clock', done.expired),
    inactive: tooLate(closed.inactive, lateMessage),
    soldOut: tooLate(closed.sold_out, lateMessage),
    soldOutHeld: withIcon('clock', closed.sold_out_held),
    notReady: withIcon('clock', closed.not_ready),
    slowDown: withIcon('clock', closed.slow_down),
    unavailable: withIcon('alert', closed.unavailable),
  };
}

/**
 * The HTTP status, the icon and our text of a frame that takes no payment. 410: the link is closed, so the merchant's own
 * text comes first. If a token, key or origin is not valid, the text says that the form was open too long, because the
 * buyer can only open it again.
 */
export function closedAs(code: ErrorCode, { closed, embed }: Strings) {
  switch (code) {
    case 'invalid_embed_token':
    case 'invalid_api_key':
    case 'origin_not_allowed':
      return { status: 403, ...withIcon('clock', embed.over) } as const;
    case 'not_found':
      return { status: 404, ...withIcon('alert', closed.not_found) } as const;
    case 'rate_limit_exceeded':
      return { status: 429, ...withIcon('clock', closed.slow_down) } as const;
    case 'method_not_allowed':
      return { status: 405, ...withIcon('alert', closed.wrong_method) } as const;
    case 'payment_link_inactive':
      return { status: 410, ...withIcon('pause', closed.inactive) } as const;
    case 'payment_link_sold_out':
      return { status: 410, ...withIcon('pause', closed.sold_out) } as const;
    case 'CONNECT_ACCOUNT_MISSING':
    case 'CONNECT_ACCOUNT_NOT_READY':
    case 'service_inactive':
      return { status: 503, ...withIcon('clock', closed.not_ready) } as const;
    default:
      return { status: 503, ...withIcon('alert', closed.unavailable) } as const;
  }
}

type Words = Pick<FrameText, 'title' | 'text'>;

function withIcon(icon: FrameIcon, { title, text }: Words): FrameText {
  return { icon, title, text };
}

function tooLate({ title, text }: Words, lateMessage: string | null): FrameText {
  return { icon: 'pause', title, text: lateMessage ?? text };
}
