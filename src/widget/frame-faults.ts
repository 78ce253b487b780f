import type { FrameData, FrameText, Way } from '../contract/frame-data.ts';

/** What a refusal means to a buyer, and what can be done about it. `code`: of the API, or `network`, `stripe_js`. */
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
