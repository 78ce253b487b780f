import { resolve } from 'node:path';
import { ScriptError } from './script-error.ts';

/** The root directory of the repository, without a slash at the end. */
export const ROOT = resolve(import.meta.dirname, '../..');

/** The ports, addresses and state directory of a local copy. */
export interface LocalSettings {
  readonly port: number;
  readonly stripePort: number;
  /** The demo shop whose origin the demo's public key lists, and the one that it does not list. */
  readonly shopPort: number;
  readonly foreignShopPort: number;
  readonly appPort: number;
  /** Absolute. */
  readonly stateDir: string;
  /** `http://localhost:<port>` without a slash at the end, like the addresses below. */
  readonly baseUrl: string;
  readonly stripeUrl: string;
  readonly sinkUrl: string;
  readonly shopUrl: string;
  readonly foreignShopUrl: string;
  readonly appUrl: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

const MAX_PORT = 65_535;

function portOf(environment: Environment, variable: string, byDefault: number): number {
  const text = environment[variable];
  if (text === undefined || text === '') return byDefault;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > MAX_PORT) {
    throw new ScriptError(`${variable} must be a port from 1 to ${MAX_PORT}, for example ${variable}=${byDefault}.`);
  }
  return port;
}

/** The state directory of a local copy: STATE_DIR, relative to the working directory, else `.wrangler/state`. */
export function stateDirOf(environment: Environment): string {
  return environment.STATE_DIR ? resolve(environment.STATE_DIR) : resolve(ROOT, '.wrangler/state');
}

/**
 * Reads PORT (8787), STRIPE_PORT (12111), SHOP_PORT, FOREIGN_SHOP_PORT and APP_PORT (the next three after PORT), and
 * STATE_DIR (`.wrangler/state`). Throws ScriptError that names the wrong variable.
 */
export function readSettings(environment: Environment): LocalSettings {
  const port = portOf(environment, 'PORT', 8787);
  const stripePort = portOf(environment, 'STRIPE_PORT', 12111);
  const shopPort = portOf(environment, 'SHOP_PORT', nextPort(port, [stripePort]));
  const foreignShopPort = portOf(environment, 'FOREIGN_SHOP_PORT', nextPort(port, [stripePort, shopPort]));
  const appPort = portOf(environment, 'APP_PORT', nextPort(port, [stripePort, shopPort, foreignShopPort]));
  requireDifferent({
    PORT: port,
    STRIPE_PORT: stripePort,
    SHOP_PORT: shopPort,
    FOREIGN_SHOP_PORT: foreignShopPort,
    APP_PORT: appPort,
  });
  const stripeUrl = `http://localhost:${stripePort}`;
  return {
    port,
    stripePort,
    shopPort,
    foreignShopPort,
    appPort,
    stateDir: stateDirOf(environment),
    baseUrl: `http://localhost:${port}`,
    stripeUrl,
    sinkUrl: `${stripeUrl}/sink`,
    shopUrl: `http://localhost:${shopPort}`,
    foreignShopUrl: `http://localhost:${foreignShopPort}`,
    appUrl: `http://localhost:${appPort}`,
  };
}

/** The next port that is not in `taken`. After the highest port it continues with lower ones. */
function nextPort(port: number, taken: readonly number[]): number {
  const next = port < MAX_PORT ? port + 1 : MAX_PORT - 10;
  return taken.includes(next) ? nextPort(next, taken) : next;
}

function requireDifferent(ports: Readonly<Record<string, number>>): void {
  const names = new Map<number, string>();
  for (const [name, port] of Object.entries(ports)) {
    const other = names.get(port);
    if (other) throw new ScriptError(`${other} and ${name} are both ${port}: give them different ports.`);
    names.set(port, name);
  }
}

/** True for a `database_id` that stands for none yet: nothing, or zeros with at most one other digit at the end. */
export function isPlaceholderId(id: string): boolean {
  return /^[0-]*\d?$/.test(id);
}
