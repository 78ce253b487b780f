import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/** A webhook that a receiver has answered with 2xx. */
export interface Accepted {
  readonly receiver: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Unix seconds. */
  readonly at: number;
}

/**
 * The merchants' webhook receivers, in the process of the run. Each fails a delivery up to `failAtMost` times, in one of
 * three ways, before it accepts it.
 */
export class Receivers {
  readonly accepted: Accepted[] = [];
  failures = 0;
  readonly #seed: number;
  readonly #failAtMost: number;
  readonly #failed = new Map<string, number>();
  readonly #server: Server;

  constructor(seed: number, failAtMost: number) {
    this.#seed = seed;
    this.#failAtMost = failAtMost;
    this.#server = createServer((request, response) => void this.#receive(request, response));
  }

  listen(port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject).listen(port, '127.0.0.1', () => resolve());
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(Buffer.from(chunk));
    } catch {
      return; // The Worker was killed while it sent.
    }
    const receiver = (request.url ?? '').slice(1);
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    const delivery = `${receiver} ${headers['webhook-id']}`;
    const failed = this.#failed.get(delivery) ?? 0;
    if (failed < this.#failuresOf(delivery)) {
      this.#failed.set(delivery, failed + 1);
      this.failures += 1;
      fail(response, this.#numberOf(`${delivery} ${failed}`) % 3);
      return;
    }
    const body = Buffer.concat(chunks).toString('utf8');
    this.accepted.push({ receiver, headers, body, at: Math.floor(Date.now() / 1000) });
    response.writeHead(204).end();
  }

  #failuresOf(delivery: string): number {
    return this.#numberOf(delivery) % (this.#failAtMost + 1);
  }

  #numberOf(text: string): number {
    return createHash('sha256').update(`${this.#seed} ${text}`).digest().readUInt32BE(0);
  }
}

function fail(response: ServerResponse, way: number): void {
  if (way === 0) response.writeHead(500).end('no');
  else if (way === 1) response.writeHead(302, { Location: 'http://127.0.0.1:9/' }).end();
  else response.socket?.destroy();
}
