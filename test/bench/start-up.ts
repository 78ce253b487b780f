import { parentPort, workerData } from 'node:worker_threads';

// A thread of its own is a fresh isolate: nothing of the module has been compiled yet. The main thread only waits meanwhile.
const before = process.cpuUsage();
await import(String(workerData));
const { user, system } = process.cpuUsage(before);
parentPort?.postMessage((user + system) / 1000);
