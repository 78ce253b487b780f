import { eq } from 'drizzle-orm';
import { newFormId, newPaymentLinkToken } from '../../../src/core/ids.ts';
import type { Role } from '../../../src/core/rights.ts';
import { insertPaymentLink, type PaymentLink } from '../../../src/db/payment-links.ts';
import { paymentLinks } from '../../../src/db/schema.ts';
import { DEFAULTS } from '../../../src/domain/links/create-link.ts';
import { TestApp } from '../support/app.ts';
import { directory, newMember, newOrganisation } from '../support/team.ts';

export const app = new TestApp();

/** A workspace pair with somebody in it. `test` and `live`: the paths of their links. */
export async function newShop(role: Role = 'developer') {
  const organisation = await newOrganisation();
  const { browser } = await newMember(app, organisation, role);
  const path = (mode: string) => `/app/${mode}/${organisation.id}/links`;
  return { organisation, browser, test: path('test'), live: path('live') };
}

export type Shop = Awaited<ReturnType<typeof newShop>>;

/** A link in the sandbox workspace: £50.00, unless the test says otherwise. */
export async function addLink(
  { organisation }: Pick<Shop, 'organisation'>,
  changes: Partial<PaymentLink> = {},
): Promise<PaymentLink> {
  const token = newPaymentLinkToken('0');
  const now = Date.now();
  const times = { createdAt: now, updatedAt: now };
  const content = { ...DEFAULTS, title: 'Studio deposit', currency: 'GBP', amountMinor: 5000, ...changes };
  const audit = {
    shard: '0',
    workspaceId: organisation.sandboxId,
    at: now,
    actor: 'system',
    action: 'payment_link.create',
    object: token,
  } as const;
  const {
    id: _,
    paidCount,
    paidMinor,
    refundedMinor,
    ...rest
  } = { id: 0, paidCount: 0, paidMinor: 0, refundedMinor: 0, ...content };
  await insertPaymentLink(
    directory,
    { ...rest, token, workspaceId: organisation.sandboxId, ...times },
    { ...audit, requestId: null, address: null },
  );
  const [link] = await directory
    .update(paymentLinks)
    .set({ paidCount, paidMinor, refundedMinor })
    .where(eq(paymentLinks.token, token))
    .returning();
  if (!link) throw new Error('The link was not written');
  return link;
}

/** All links of a workspace, the oldest first. */
export async function linksOf(workspaceId: string) {
  return await directory
    .select()
    .from(paymentLinks)
    .where(eq(paymentLinks.workspaceId, workspaceId))
    .orderBy(paymentLinks.id);
}

/** What stands in the form of a new link of £49.99. */
export function filledForm(changes: Record<string, string> = {}): Record<string, string> {
  const sent = { form: newFormId(), title: 'Evening class', price: 'fixed', amount: '49.99', currency: 'GBP' };
  return { ...sent, time_zone: 'UTC', ...changes };
}
