import type { ApiKey } from '../../db/api-keys.ts';
import type { LinkWithSeller } from '../../db/payment-links.ts';
import type { ShellView } from '../pages/shell.tsx';
import type { Clock } from '../time.ts';

/** What the page of one link shows. */
export interface ShareView {
  readonly shell: ShellView;
  readonly clock: Clock;
  readonly publicUrl: string;
  readonly found: LinkWithSeller;
  /** The public keys of the workspace that are in force. */
  readonly publicKeys: readonly Pick<ApiKey, 'name' | 'prefix' | 'last4'>[];
  /** What the person may do: change links here, and make links in live. */
  readonly may: { readonly write: boolean; readonly writeLive: boolean };
  /** The random id of the form that duplicates the link. */
  readonly form: string;
  /** What was done just before. */
  readonly done: 'made' | 'saved' | null;
}
