import { createServer } from 'node:net';

/** Below the ports that systems give to outgoing connections, which could take the port before somebody listens on it. */
const FIRST = 15_000;
const COUNT = 15_000;
const MOST_TRIES = 100;

/** A port of this machine that nobody listens on at this moment. Throws if none was found. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const port = FIRST + Math.floor(Math.random() * COUNT);
    if (await isFree(port)) return port;
  }
  throw new Error('No free port was found.');
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
