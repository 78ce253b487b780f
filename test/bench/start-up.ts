import { parentPort, workerData } from 'node:worker_threads';

// A thread of its own is a fresh isolate: nothing of the module has been compiled yet.
const start = performance.now();
await import(String(workerData));
parentPort?.postMessage(performance.now() - start);
