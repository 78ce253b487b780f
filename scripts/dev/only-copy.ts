import { readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import * as z from 'zod';
import { writeFileAtomically } from '../local/files.ts';
import { ScriptError } from '../local/script-error.ts';

const ownerSchema = z.object({ pid: z.int(), stripePort: z.int() });

function readOwner(path: string): z.output<typeof ownerSchema> | null {
  try {
    return ownerSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/**
 * Claims a state directory for this process. Returns a function that releases it. Throws ScriptError if another copy runs in
 * it: two copies on one database would damage each other's objects and queues. A copy that was killed does not count.
 */
export async function claimStateDir(stateDir: string, stripePort: number): Promise<() => void> {
  const path = join(stateDir, 'owner.json');
  const owner = readOwner(path);
  // The process id alone is not enough: another program may have it now.
  if (owner && isAlive(owner.pid) && (await answers(owner.stripePort))) {
    throw new ScriptError(
      `Another copy (process ${owner.pid}) uses ${stateDir}.\n  Stop it, or give this one its own directory: STATE_DIR=.wrangler/state-2 npm start`,
    );
  }
  writeFileAtomically(path, JSON.stringify({ pid: process.pid, stripePort }));
  return () => rmSync(path, { force: true });
}
