import { cpSync } from 'node:fs';
import type { Wrangler } from '../../../../scripts/deploy/wrangler.ts';

const output = (failed: boolean, text: string) => ({ failed, stdout: failed ? '' : text, all: text });

/**
 * A wrangler that keeps the commands that change something in `calls`, and the files that it would upload in the directory
 * `uploaded`. Like the real one, it asks before it migrates, except in CI, and succeeds where the answer is no.
 */
export class FakeWrangler implements Wrangler {
  readonly calls: string[] = [];
  isMigrated = false;
  /** The bindings of the deployed Worker. null: none is deployed. */
  deployed: readonly unknown[] | null = null;
  /** The secrets of the API and of the merchant app. */
  readonly secrets = {
    api: ['SECRETS_KEY', 'STRIPE_SECRET_KEY_TEST', 'OPERATOR_TOKEN'],
    app: ['SECRETS_KEY', 'STRIPE_SECRET_KEY_TEST', 'AUTH_SECRET'],
  };
  /** A command with this word fails. */
  failsAt: string | null = null;
  private readonly uploaded: string;

  constructor(uploaded: string) {
    this.uploaded = uploaded;
  }

  run(parameters: readonly string[], variables: Readonly<Record<string, string | undefined>> = {}): boolean {
    this.calls.push(parameters.join(' '));
    const isMigration = parameters.includes('migrations');
    if (isMigration && variables.CI === undefined) return true;
    if (this.fails(parameters)) return false;
    if (isMigration) this.isMigrated = true;
    const [, assets] = parameters.slice(parameters.indexOf('--assets'));
    if (parameters.includes('--assets') && assets) cpSync(assets, this.uploaded, { recursive: true });
    return true;
  }

  read(parameters: readonly string[]) {
    if (this.fails(parameters)) return output(true, 'Cloudflare does not answer.');
    const [command] = parameters;
    if (command === 'secret') return this.secretsOf(parameters.includes('--config') ? 'app' : 'api');
    if (command === 'deployments') {
      if (this.deployed === null) return output(true, 'This Worker does not exist on your account. [code: 10007]');
      return output(false, JSON.stringify({ versions: [{ version_id: 'v-7', percentage: 100 }] }));
    }
    if (!parameters.join(' ').startsWith('versions view v-7 --json')) return output(true, 'Unknown command');
    return output(false, JSON.stringify({ resources: { bindings: this.deployed } }));
  }

  private secretsOf(worker: 'api' | 'app') {
    const names = this.secrets[worker];
    if (names.length === 0) return output(true, `Worker "softsolz-${worker}" not found.`);
    return output(false, JSON.stringify(names.map((name) => ({ name, type: 'secret_text' }))));
  }

  private fails(parameters: readonly string[]): boolean {
    return this.failsAt !== null && parameters.includes(this.failsAt);
  }
}
