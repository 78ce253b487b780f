import type { LinkWithSeller } from '../../db/payment-links.ts';
import type { ShellView } from '../pages/shell.tsx';
import type { Clock } from '../time.ts';

/** What the page of one link shows. */
export interface ShareView {
  readonly shell: ShellView;
  readonly clock: Clock;
  readonly publicUrl: string;
  readonly found: LinkWithSeller;
  /** One of the public keys of the workspace, as far as it is stored: beginning and end. null: it has none. */
  readonly publicKey: { readonly name: string; readonly shown: string } | null;
  /** What the person may do: change links here, and make links in live. */
  readonly may: { readonly write: boolean; readonly writeLive: boolean };
  /** The random id of the form that duplicates the link. */
  readonly form: string;
  /** What was done just before. */
  readonly done: 'made' | 'saved' | null;
}
