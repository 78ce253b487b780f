import { createServer, type RequestListener, type Server } from 'node:http';
import type { LocalSettings } from '../local/settings.ts';
import { type DemoShop, demoShopPage } from './demo-shop-page.ts';

/** Serves the demo shop twice: on an origin that the public key lists, and on one that it does not. The answer stops both. */
export async function startDemoShops(settings: LocalSettings, shop: Omit<DemoShop, 'allowed'>): Promise<() => void> {
  const servers = await Promise.all([
    listen(await pageListener({ ...shop, allowed: true }), settings.shopPort),
    listen(await pageListener({ ...shop, allowed: false }), settings.foreignShopPort),
  ]);
  return () => {
    for (const server of servers.flat()) {
      server.close();
      server.closeAllConnections();
    }
  };
}

async function pageListener(shop: DemoShop): Promise<RequestListener> {
  const page = String(await demoShopPage(shop));
  return ({ url }, response) => {
    const found = new URL(url ?? '/', 'http://localhost').pathname === '/';
    response.writeHead(found ? 200 : 404, { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' });
    response.end(found ? page : 'Not found');
  };
}

/** Under 127.0.0.1 and, where there is one, ::1: a browser takes `localhost` for either. */
async function listen(listener: RequestListener, port: number): Promise<Server[]> {
  const first = await listenAt(listener, port, '127.0.0.1');
  const second = await listenAt(listener, port, '::1').catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code !== 'EADDRNOTAVAIL' && code !== 'EAFNOSUPPORT') throw error;
    return null;
  });
  return second ? [first, second] : [first];
}

function listenAt(listener: RequestListener, port: number, host: string): Promise<Server> {
  const server = createServer(listener);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve(server));
  });
}
