import { createServer } from 'node:net';
import { ScriptError } from '../local/script-error.ts';

function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve(!('code' in error) || error.code !== 'EADDRINUSE'));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}

/** Throws ScriptError that names `variable` if something on this machine already listens on the port. */
export async function requireFreePort(port: number, variable: string): Promise<void> {
  const free = await Promise.all(['127.0.0.1', '::1'].map((host) => canListen(port, host)));
  if (free.every(Boolean)) return;
  throw new ScriptError(
    `Port ${port} is in use, perhaps by another copy.\n  Stop it, or choose another port: ${variable}=${port + 10} npm start`,
  );
}

/** A port that was free a moment ago. */
export function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port);
        else reject(new Error('The system gave no port.'));
      });
    });
  });
}
