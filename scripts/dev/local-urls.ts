import type { Mode } from '../../src/core/api-keys.ts';
import type { DemoWorkspaceName } from '../local/demo-file.ts';

export interface LocalUrls {
  readonly baseUrl: string;
  readonly sinkUrl: string;
  readonly shopUrl: string;
}

/** Where a demo workspace is told of its events: a name of its own at the sink. */
export function webhookUrl(urls: LocalUrls, name: DemoWorkspaceName, mode: Mode): string {
  return `${urls.sinkUrl}/${name}-${mode}`;
}

/** Where a public key's widget may stand: in the demo shop for the sandbox; elsewhere for live. */
export function allowedOrigin(urls: LocalUrls, mode: Mode): string {
  return mode === 'sandbox' ? urls.shopUrl : 'https://shop.example';
}
