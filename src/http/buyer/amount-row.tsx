import type { Child } from 'hono/jsx';

interface AmountRowProps {
  readonly name: string;
  /** Formatted. '': a script writes it. */
  readonly amount: string;
  readonly look?: 'total';
}

/**
 * A row of a receipt whose amount stands below its name if there is no room beside it. It never breaks within the
 * amount, if `--amount-ems` is set for it: see `amountStyle`.
 */
export function AmountRow({ name, amount, look }: AmountRowProps): Child {
  return (
    <div class="line">
      <dt>{name}</dt>
      <dd class={look}>
        <bdi class="amount">{amount}</bdi>
      </dd>
    </div>
  );
}
