import { parentPort, workerData } from 'node:worker_threads';

// This thread is a fresh isolate: nothing of the module has been compiled yet. The main thread only waits.
const before = process.cpuUsage();
await import(String(workerData));
const { user, system } = process.cpuUsage(before);
parentPort?.postMessage((user + system) / 1000);
