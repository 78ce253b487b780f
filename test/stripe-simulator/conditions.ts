import * as z from 'zod';
import type { ApiCall } from './api-call.ts';
import { ScopedSettings, scopeShape } from './scoped-settings.ts';

/** The body of `POST /_control/conditions`. */
export const conditionsSchema = z.strictObject({
  ...scopeShape,
  refund_status: z.enum(['pending', 'requires_action', 'succeeded']).default('succeeded'),
});

/** In what way Stripe works for an account: what real Stripe also does, but not for every account and not every day. */
export type Conditions = Omit<z.output<typeof conditionsSchema>, 'account' | 'mentions'>;

/** The current conditions. */
export class ConditionBook extends ScopedSettings<Conditions> {
  constructor() {
    super(() => conditionsSchema.parse({}));
  }
}

/** The conditions that an API request meets. */
export function conditionsOf({ simulation, scope, params }: ApiCall): Conditions {
  return simulation.conditions.settingsFor({ account: scope.account, text: JSON.stringify(params) });
}
