import type { Mode } from '../../src/core/api-keys.ts';
import type { DemoWorkspaceName } from '../local/demo-file.ts';

export interface LocalUrls {
  readonly port: number;
  readonly baseUrl: string;
  readonly sinkUrl: string;
}

/** Where a demo workspace is told of its events: a name of its own at the sink. */
export function webhookUrl(urls: LocalUrls, name: DemoWorkspaceName, mode: Mode): string {
  return `${urls.sinkUrl}/${name}-${mode}`;
}

/** The shop's pages: on this machine for the sandbox, next to the API's own port; elsewhere for live. */
export function allowedOrigin(urls: LocalUrls, mode: Mode): string {
  return mode === 'sandbox' ? `http://localhost:${urls.port + 1}` : 'https://shop.example';
}
