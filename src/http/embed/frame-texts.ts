import type { FrameText, FrameTexts } from '../../contract/frame-data.ts';
import type { ErrorCode } from '../../core/errors.ts';
import type { Strings } from '../buyer/strings.tsx';

/** The texts for the frame's script. `lateMessage`: the merchant's own text for a link that is closed. */
export function frameTexts({ embed, done, closed }: Strings, lateMessage?: string): FrameTexts {
  return {
    loading: embed.loading,
    notLoaded: embed.notLoaded,
    over: embed.over,
    confirming: done.confirming,
    processing: done.processing,
    succeeded: { title: done.paid.title, text: '' },
    failed: done.failed,
    expired: done.expired,
    inactive: tooLate(closed.inactive, lateMessage),
    soldOut: tooLate(closed.sold_out, lateMessage),
    soldOutHeld: closed.sold_out_held,
    notReady: closed.not_ready,
    slowDown: closed.slow_down,
    unavailable: closed.unavailable,
  };
}

/**
 * The HTTP status and the text of a frame that takes no payment. If a token, key or origin is not valid, the text says
 * that the form was open too long, because the buyer can only open it again.
 */
export function closedAs(code: ErrorCode, { closed, embed }: Strings, lateMessage: string | undefined) {
  switch (code) {
    case 'invalid_embed_token':
    case 'invalid_api_key':
    case 'origin_not_allowed':
      return { status: 403, ...embed.over } as const;
    case 'not_found':
      return { status: 404, ...closed.not_found } as const;
    case 'rate_limit_exceeded':
      return { status: 429, ...closed.slow_down } as const;
    case 'method_not_allowed':
      return { status: 405, ...closed.wrong_method } as const;
    case 'payment_link_inactive':
      return { status: 410, ...tooLate(closed.inactive, lateMessage) } as const;
    case 'payment_link_sold_out':
      return { status: 410, ...tooLate(closed.sold_out, lateMessage) } as const;
    case 'CONNECT_ACCOUNT_MISSING':
    case 'CONNECT_ACCOUNT_NOT_READY':
    case 'service_inactive':
      return { status: 503, ...closed.not_ready } as const;
    default:
      return { status: 503, ...closed.unavailable } as const;
  }
}

function tooLate(text: FrameText, lateMessage: string | undefined): FrameText {
  return lateMessage === undefined ? text : { ...text, text: lateMessage };
}
