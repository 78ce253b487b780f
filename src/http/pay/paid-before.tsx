import type { Child } from 'hono/jsx';
import type { Strings } from '../buyer/strings.tsx';
import type { PaidNotice } from './earlier-payments.ts';

/** Says that the buyer has paid before, or that their bank still processes it, with a link to the page of that payment. */
export function PaidBefore({ notice, strings }: { notice: PaidNotice; strings: Strings }): Child {
  const isPaid = notice.status === 'already_paid';
  return (
    <>
      {isPaid ? strings.notices.alreadyPaid : strings.notices.processing}{' '}
      <a href={notice.url}>{isPaid ? strings.embed.receipt : strings.showPayment}</a>
    </>
  );
}
