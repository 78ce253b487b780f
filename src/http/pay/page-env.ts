import type { Database } from '../../db/client.ts';
import type { LinkWithSeller } from '../../db/payment-links.ts';
import type { AppEnv } from '../app-env.ts';
import type { PageHeadersEnv } from '../middleware/page-headers.ts';

/** A link with its seller, and the database that they are in. */
export interface LoadedLink extends LinkWithSeller {
  readonly database: Database;
  readonly shard: string;
}

/** What the routes of the pay page find in `c.var`. */
export interface PageEnv extends AppEnv {
  Variables: PageHeadersEnv['Variables'] & {
    /** The query that shows a buyer's form again as it was sent; not set before a form was read. */
    sameForm: Readonly<Record<string, string>> | undefined;
    /** Set by `linkOfPath`. */
    loaded: LoadedLink;
  };
}
