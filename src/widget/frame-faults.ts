import type { FrameData, FrameText } from '../contract/frame-data.ts';

/** What the buyer can do next: try again, see the receipt, go to the pay page, or close the dialog. */
export type Way = 'retry' | 'receipt' | 'pay-page' | 'close';

/** The text and the ways out for an error. `code`: an error code of the API, or another code of `Refused`. */
export function faultOf(code: string, { texts }: FrameData): { text: FrameText; ways: readonly Way[] } {
  switch (code) {
    case 'payment_link_inactive':
    case 'not_found':
      return { text: texts.inactive, ways: ['close'] };
    case 'payment_link_sold_out':
      return { text: texts.soldOut, ways: ['close'] };
    case 'held':
      return { text: texts.soldOutHeld, ways: ['retry', 'close'] };
    case 'CONNECT_ACCOUNT_MISSING':
    case 'CONNECT_ACCOUNT_NOT_READY':
    case 'service_inactive':
      return { text: texts.notReady, ways: ['close'] };
    case 'invalid_embed_token':
    case 'invalid_api_key':
    case 'origin_not_allowed':
      return { text: texts.over, ways: ['pay-page', 'close'] };
    case 'rate_limit_exceeded':
      return { text: texts.slowDown, ways: ['retry', 'pay-page'] };
    default:
      return { text: texts.notLoaded, ways: ['retry', 'pay-page'] };
  }
}
