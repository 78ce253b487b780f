import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parentPort } from 'node:worker_threads';

// Merchants' endpoints on a real socket, in their own thread. `/:name` answers at once, `/hanging` later than any sender waits,
// `/slow` after 2 s, `/steady` after 200 ms, `/gigabyte` with up to 1 GB, `/dripping` with a byte a second for as long as anybody
// reads. `/_arrivals` returns what has arrived and when, and forgets it.

const HANGING_MS = 12_000;
const SLOW_MS = 2_000;
const STEADY_MS = 200;
const DRIP_MS = 1_000;
const GIGABYTE = 2 ** 30;
const PART = Buffer.alloc(64 * 1024, 'x');

let arrivals: { name: string; id: string; at: number }[] = [];
let answeredBytes = 0;

function pour(response: ServerResponse): void {
  let left = GIGABYTE;
  const more = () => {
    while (left > 0 && !response.destroyed) {
      left -= PART.length;
      answeredBytes += PART.length;
      if (!response.write(PART)) return;
    }
    response.end();
  };
  response.on('drain', more);
  more();
}

function drip(response: ServerResponse): void {
  const next = () => {
    answeredBytes += 1;
    response.write('x');
  };
  const timer = setInterval(next, DRIP_MS);
  response.once('close', () => clearInterval(timer));
  next();
}

const server = createServer((request, response) => {
  const name = (request.url ?? '/').slice(1);
  if (name === '_arrivals') {
    response.end(JSON.stringify({ arrivals, answeredBytes }));
    arrivals = [];
    answeredBytes = 0;
    return;
  }
  const id = String(request.headers['webhook-id']);
  arrivals.push({ name, id, at: performance.timeOrigin + performance.now() });
  request.resume().once('end', () => {
    if (name === 'hanging') setTimeout(() => response.end(), HANGING_MS);
    else if (name === 'steady') setTimeout(() => response.end('{"received":true}'), STEADY_MS);
    else if (name === 'slow') setTimeout(() => response.end('{"received":true}'), SLOW_MS);
    else if (name === 'gigabyte') pour(response);
    else if (name === 'dripping') drip(response);
    else response.end('{"received":true}');
  });
});

server.listen(0, '127.0.0.1', () => {
  const address: AddressInfo | string | null = server.address();
  parentPort?.postMessage(typeof address === 'object' ? address?.port : null);
});
