import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { getRequestListener, type Http2Bindings, type HttpBindings } from '@hono/node-server';
import { createSinkApp } from './app.ts';
import { ConnectionDropped } from './failures.ts';
import { createSimulator, type SimulatorOptions } from './simulator.ts';

const TICK_MS = 1000;

export interface ServerOptions {
  /** 0: any free port. */
  port: number;
  /** `http://localhost:<port>` by default. */
  baseUrl?: string;
  eventEndpoints: SimulatorOptions['eventEndpoints'];
  /** The file that keeps the state between runs. By default the state is not kept. */
  stateFile?: string;
  /** false: serves only the sink, for use with the real Stripe. */
  stripe?: boolean;
}

interface Served {
  fetch(request: Request): Promise<Response>;
  close(): Promise<void>;
}

/** Serves the simulator on this machine only: on 127.0.0.1 and, if the machine has it, ::1. */
export async function startSimulatorServer(options: ServerOptions): Promise<{ url: string; close(): Promise<void> }> {
  let served: Served | null = null;
  const handle = (request: Request) => served?.fetch(request) ?? new Response('starting', { status: 503 });
  const first = await listen(handle, options.port, '127.0.0.1');
  const port = portOf(first);
  const servers = [first];
  try {
    const second = await listenWherePossible(handle, port, '::1');
    if (second) servers.push(second);
    const url = options.baseUrl ?? `http://localhost:${port}`;
    const running = options.stripe === false ? serveSink() : serveStripe(options, url);
    served = running;
    return {
      url,
      close: async () => {
        await Promise.all(servers.map(stop));
        await running.close();
      },
    };
  } catch (error) {
    await Promise.all(servers.map(stop));
    throw error;
  }
}

function serveSink(): Served {
  const app = createSinkApp();
  return { fetch: async (request) => app.fetch(request), close: async () => {} };
}

function serveStripe(options: ServerOptions, baseUrl: string): Served {
  const { stateFile, eventEndpoints } = options;
  const simulator = createSimulator({
    baseUrl,
    eventEndpoints,
    ...(stateFile === undefined ? {} : { snapshot: fileSnapshot(stateFile) }),
  });
  const timer = setInterval(() => void simulator.tick(), TICK_MS);
  return {
    fetch: simulator.fetch,
    close: () => {
      clearInterval(timer);
      return simulator.close();
    },
  };
}

function fileSnapshot(path: string): { load(): string | null; save(json: string): void } {
  return {
    load: () => {
      try {
        return readFileSync(path, 'utf8');
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
        throw error;
      }
    },
    save: (json) => {
      writeFileSync(`${path}.new`, json, { mode: 0o600 });
      renameSync(`${path}.new`, path);
    },
  };
}

type Handle = (request: Request) => Promise<Response> | Response;

function listen(handle: Handle, port: number, hostname: string): Promise<Server> {
  const answer = async (request: Request, bindings: HttpBindings | Http2Bindings) => {
    try {
      return await handle(request);
    } catch (error) {
      if (!(error instanceof ConnectionDropped)) throw error;
      bindings.incoming.socket.destroy();
      return new Response(null);
    }
  };
  const server = createServer(getRequestListener(answer, { overrideGlobalObjects: false }));
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, hostname, () => resolve(server));
  });
}

/** null: the machine does not have that address. */
async function listenWherePossible(handle: Handle, port: number, hostname: string): Promise<Server | null> {
  try {
    return await listen(handle, port, hostname);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT') return null;
    throw error;
  }
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return address.port;
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
