import { parseSecretsKey, type SecretsKeyring } from '../core/crypto.ts';
import type { Config } from '../env.ts';

const keyrings = new WeakMap<Config, Promise<SecretsKeyring>>();

/** The keys that endpoint secrets are encrypted under, imported once per configuration. */
export function keyringOf(config: Config): Promise<SecretsKeyring> {
  const known = keyrings.get(config);
  if (known) return known;
  const keyring = parseSecretsKey(config.secretsKey);
  keyrings.set(config, keyring);
  return keyring;
}
