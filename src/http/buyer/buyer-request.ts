import type { PlatformContext } from '../../domain/context.ts';
import { makeContext } from '../../make-context.ts';
import type { AppContext } from '../app-env.ts';

/** Adds parameters to the query of a path or URL. */
export function withQuery(path: string, parameters: Readonly<Record<string, string>>): string {
  const query = new URLSearchParams(parameters).toString();
  if (query === '') return path;
  return `${path}${path.includes('?') ? '&' : '?'}${query}`;
}

/** The paths of the pages and QR codes of a payment link, without the address of this service. */
export function pathsOf(token: string) {
  const pay = `/pay/link/${encodeURIComponent(token)}`;
  return { pay, done: `${pay}/done`, doneStatus: `${pay}/done/status`, qrSvg: `${pay}/qr.svg`, qrPng: `${pay}/qr.png` };
}

/** The use case context of a request from the pay page or the frame. `shard`: that of the link's token. */
export function buyerContext(c: AppContext, { shard }: { readonly shard: string }): PlatformContext {
  const { config, requestId } = c.var;
  return makeContext(c.env, config, { shard, actor: { kind: 'buyer' }, requestId });
}
