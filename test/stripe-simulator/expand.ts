import { StripeFailure } from './failures.ts';
import type { Simulation } from './simulation.ts';
import type { Scope } from './state.ts';

type Members = Record<string, unknown>;

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A copy of `answer` with the ids at `paths` replaced by their objects (docs.stripe.com/expand). */
export function expandAnswer(simulation: Simulation, scope: Scope, answer: object, paths: string[]): object {
  const copy = structuredClone(answer);
  for (const path of paths) expandPath(simulation, scope, copy, path.split('.'), path);
  return copy;
}

function expandPath(simulation: Simulation, scope: Scope, node: unknown, parts: string[], path: string): void {
  const [part, ...rest] = parts;
  if (part === undefined || node === null) return;
  if (Array.isArray(node)) {
    for (const item of node) expandPath(simulation, scope, item, parts, path);
    return;
  }
  if (!isMembers(node)) throw notExpandable(path);
  if (part === 'line_items' && node.object === 'checkout.session')
    node.line_items = lineItems(simulation, String(node.id));
  const value = node[part];
  if (value === undefined) throw notExpandable(path);
  if (typeof value === 'string') node[part] = objectOf(simulation, scope, value, path);
  expandPath(simulation, scope, node[part], rest, path);
}

function objectOf({ state }: Simulation, scope: Scope, id: string, path: string): unknown {
  for (const table of [state.paymentIntents, state.charges, state.refunds]) {
    const row = table.get(id);
    if (row && row.livemode === scope.livemode && row.account === scope.account) return structuredClone(row.object);
  }
  throw notExpandable(path);
}

function lineItems({ state }: Simulation, sessionId: string): unknown {
  const data = structuredClone(state.sessions.get(sessionId)?.lineItems ?? []);
  return { object: 'list', data, has_more: false, url: `/v1/checkout/sessions/${sessionId}/line_items` };
}

function notExpandable(path: string): StripeFailure {
  return new StripeFailure(`This property cannot be expanded (${path}).`, { param: 'expand' });
}
