import { resolve } from 'node:path';
import { ScriptError } from './script-error.ts';

/** The top of the repository, without a slash at the end. */
export const ROOT = resolve(import.meta.dirname, '../..');

/** Where a local copy listens and keeps its state. */
export interface LocalSettings {
  readonly port: number;
  readonly stripePort: number;
  /** Absolute. */
  readonly stateDir: string;
  /** `http://localhost:<port>`, as are the two below: no slash at the end. */
  readonly baseUrl: string;
  readonly stripeUrl: string;
  readonly sinkUrl: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Highest port whose successor, where the demo shop's pages are allowed to be, is a port too. */
const MAX_PORT = 65_534;

function portOf(environment: Environment, variable: string, standard: number): number {
  const text = environment[variable];
  if (text === undefined || text === '') return standard;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > MAX_PORT) {
    throw new ScriptError(`${variable} must be a port from 1 to ${MAX_PORT}, for example ${variable}=${standard}.`);
  }
  return port;
}

/** The directory of a local copy's state: STATE_DIR, seen from the working directory, else `.wrangler/state`. */
export function stateDirOf(environment: Environment): string {
  return environment.STATE_DIR ? resolve(environment.STATE_DIR) : resolve(ROOT, '.wrangler/state');
}

/** Reads PORT (8787), STRIPE_PORT (12111) and STATE_DIR (`.wrangler/state`). Throws ScriptError that names the variable. */
export function readSettings(environment: Environment): LocalSettings {
  const port = portOf(environment, 'PORT', 8787);
  const stripePort = portOf(environment, 'STRIPE_PORT', 12111);
  if (port === stripePort) throw new ScriptError(`PORT and STRIPE_PORT are both ${port}: give them different ports.`);
  const stripeUrl = `http://localhost:${stripePort}`;
  return {
    port,
    stripePort,
    stateDir: stateDirOf(environment),
    baseUrl: `http://localhost:${port}`,
    stripeUrl,
    sinkUrl: `${stripeUrl}/sink`,
  };
}
