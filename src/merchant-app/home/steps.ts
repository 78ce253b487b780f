import type { AccountState } from '../../core/account-state.ts';
import type { Attention } from '../../domain/workspaces/attention.ts';

/** The steps to the first payment, in the order in which they are shown. They can be done in any order. */
export const STEPS = ['connect', 'link', 'pay', 'webhook'] as const;

export type Step = (typeof STEPS)[number];

/** Which steps are done. */
export type StepsDone = Readonly<Record<Step, boolean>>;

/** Only who writes code needs it. */
export const isOptional = (step: Step): boolean => step === 'webhook';

const TAKES_PAYMENTS: readonly AccountState[] = ['ready', 'payouts_held'];

/** The steps that a workspace has done. */
export function stepsDone({ account, hasLinks, hasPaid, hasEndpoints }: Attention): StepsDone {
  return { connect: TAKES_PAYMENTS.includes(account), link: hasLinks, pay: hasPaid, webhook: hasEndpoints };
}
