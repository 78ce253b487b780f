import type { FrameData, FrameText } from '../contract/frame-data.ts';

/** What the buyer can do next: try again, see the receipt, go to the pay page, or close the dialog. */
export type Action = 'retry' | 'receipt' | 'pay-page' | 'close';

/** The text for an error, and what the buyer can do next. `code`: an error code of the API, or another code of `Refused`. */
export function faultOf(code: string, { texts }: FrameData): { text: FrameText; actions: readonly Action[] } {
  switch (code) {
    case 'payment_link_inactive':
    case 'not_found':
      return { text: texts.inactive, actions: ['close'] };
    case 'payment_link_sold_out':
      return { text: texts.soldOut, actions: ['close'] };
    case 'held':
      return { text: texts.soldOutHeld, actions: ['retry', 'close'] };
    case 'CONNECT_ACCOUNT_MISSING':
    case 'CONNECT_ACCOUNT_NOT_READY':
    case 'service_inactive':
      return { text: texts.notReady, actions: ['close'] };
    case 'invalid_embed_token':
    case 'invalid_api_key':
    case 'origin_not_allowed':
      return { text: texts.over, actions: ['pay-page', 'close'] };
    case 'rate_limit_exceeded':
      return { text: texts.slowDown, actions: ['retry', 'pay-page'] };
    default:
      return { text: texts.notLoaded, actions: ['retry', 'pay-page'] };
  }
}
