const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const AES_KEY_BYTES = 32;
/** 96 bits, the nonce length AES-GCM is defined for (NIST SP 800-38D §5.2.1.1). */
const IV_BYTES = 12;

/** An imported key, by a name that workerd's and Node's type definitions share. */
type AesKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

/** The keys that seal secrets at rest: `current` encrypts, each of `byVersion` decrypts what carries its version. */
export interface SecretsKeyring {
  readonly current: { readonly version: string; readonly key: AesKey };
  readonly byVersion: ReadonlyMap<string, AesKey>;
}

/** SHA-256 of the text's UTF-8, 64 lower-case hex digits. */
export async function sha256Hex(text: string): Promise<string> {
  return toHex(await sha256(text));
}

/** True where both texts are the same. Takes the same time wherever they differ: compares their SHA-256 digests in full. */
export async function equalInConstantTime(left: string, right: string): Promise<boolean> {
  const [a, b] = await Promise.all([sha256(left), sha256(right)]);
  return a.reduce((difference, byte, index) => difference | (byte ^ (b[index] ?? 0)), 0) === 0;
}

/** HMAC-SHA-256 (RFC 2104) of the message's UTF-8: 32 bytes. `key`: raw bytes, at least one. */
export async function hmacSha256(key: Uint8Array, message: string): Promise<Uint8Array> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const imported = await crypto.subtle.importKey('raw', new Uint8Array(key), algorithm, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', imported, encoder.encode(message)));
}

/** Why `text` is no SECRETS_KEY, or null when it is one: the check of configuration, without importing the keys. */
export function secretsKeyFault(text: string): string | null {
  const parsed = splitSecretsKey(text);
  return parsed.ok ? null : parsed.message;
}

/**
 * Reads SECRETS_KEY: base64 of 32 bytes (version v1), or a list `v2:<base64>,v1:<base64>` whose first entry encrypts
 * while each decrypts what carries its version. Throws Error that names the fault, never the key.
 */
export async function parseSecretsKey(text: string): Promise<SecretsKeyring> {
  const parsed = splitSecretsKey(text);
  if (!parsed.ok) throw new Error(parsed.message);
  const imported = await Promise.all(
    parsed.entries.map(async ({ version, base64 }) => {
      const key = await crypto.subtle.importKey('raw', fromBase64(base64), 'AES-GCM', false, ['encrypt', 'decrypt']);
      return { version, key };
    }),
  );
  const [current] = imported;
  if (current === undefined) throw new Error('SECRETS_KEY is empty.');
  return { current, byVersion: new Map(imported.map(({ version, key }) => [version, key])) };
}

/** The raw keys of SECRETS_KEY with their versions, the current one first. Throws Error that names the fault. */
export function secretsKeyEntries(
  text: string,
): { readonly version: string; readonly bytes: Uint8Array<ArrayBuffer> }[] {
  const parsed = splitSecretsKey(text);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.entries.map(({ version, base64 }) => ({ version, bytes: fromBase64(base64) }));
}

/**
 * Seals a secret for storage: AES-256-GCM under the current key, a fresh random IV each time. Text form
 * `<version>.<iv base64url>.<ciphertext base64url>`. `associatedData`: where it belongs (workspace id, endpoint id);
 * opening asks for the same, so a sealed secret moved to another row does not open.
 */
export async function encryptSecret(
  keyring: SecretsKeyring,
  plaintext: string,
  associatedData: readonly string[],
): Promise<string> {
  const { version, key } = keyring.current;
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const algorithm = { name: 'AES-GCM', iv, additionalData: additionalData(version, associatedData) };
  const ciphertext = new Uint8Array(await crypto.subtle.encrypt(algorithm, key, encoder.encode(plaintext)));
  return `${version}.${toBase64Url(iv)}.${toBase64Url(ciphertext)}`;
}

/**
 * Opens what encryptSecret sealed. Throws Error when its key version is not in the keyring, when any character of it
 * was altered, or when `associatedData` is not the same list.
 */
export async function decryptSecret(
  keyring: SecretsKeyring,
  sealed: string,
  associatedData: readonly string[],
): Promise<string> {
  const [version = '', ivText = '', ciphertextText = '', ...more] = sealed.split('.');
  const key = keyring.byVersion.get(version);
  if (key === undefined) {
    throw new Error(`A stored secret was sealed with key version "${version.slice(0, 8)}", which SECRETS_KEY lacks.`);
  }
  try {
    if (more.length > 0) throw new Error('Too many parts.');
    const iv = fromBase64Url(ivText);
    const algorithm = { name: 'AES-GCM', iv, additionalData: additionalData(version, associatedData) };
    return decoder.decode(await crypto.subtle.decrypt(algorithm, key, fromBase64Url(ciphertextText)));
  } catch (cause) {
    throw new Error('A stored secret does not open: it was altered, moved, or sealed with another key.', { cause });
  }
}

/** Two lower-case hex digits per byte. */
export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Base64 with padding (RFC 4648 §4). */
export function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

/** The bytes of canonical base64 (RFC 4648 §4): with padding, no white space, unused bits zero. Throws Error else. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  // atob forgives spaces, missing padding and stray bits; what was altered must not pass for the original.
  const bytes = /^[A-Za-z0-9+/]*={0,2}$/.test(text) ? decodeBase64(text) : null;
  if (bytes === null || toBase64(bytes) !== text) throw new Error('Not canonical base64.');
  return bytes;
}

function decodeBase64(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}

/** Base64 for URLs, without padding (RFC 4648 §5). */
export function toBase64Url(bytes: Uint8Array): string {
  return toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** The bytes of canonical base64url (RFC 4648 §5). Throws Error else. */
export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) throw new Error('Not base64url.');
  const padding = '='.repeat((4 - (text.length % 4)) % 4);
  return fromBase64(text.replaceAll('-', '+').replaceAll('_', '/') + padding);
}

async function sha256(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', encoder.encode(text)));
}

/** As JSON, so that ['a', 'bc'] and ['ab', 'c'] differ. */
function additionalData(version: string, associatedData: readonly string[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(encoder.encode(JSON.stringify([version, ...associatedData])));
}

interface SecretsKeyEntry {
  version: string;
  base64: string;
}

function splitSecretsKey(text: string): { ok: true; entries: SecretsKeyEntry[] } | { ok: false; message: string } {
  const refuse = (message: string) => ({ ok: false as const, message: `SECRETS_KEY ${message}` });
  const expected = 'must be base64 of 32 bytes (`openssl rand -base64 32` makes one) or a list v2:<base64>,v1:<base64>';
  const parts = text.split(',').map((part) => part.trim());
  const entries: SecretsKeyEntry[] = [];
  for (const [index, part] of parts.entries()) {
    const versioned = /^(v[1-9]\d{0,3}):(.*)$/.exec(part);
    if (versioned === null && parts.length > 1) {
      return refuse(`${expected}: entry ${index + 1} does not begin with a version such as v1:.`);
    }
    const [, version = 'v1', base64 = part] = versioned ?? [];
    if (!isAesKey(base64)) return refuse(`${expected}: entry ${index + 1} is not base64 of ${AES_KEY_BYTES} bytes.`);
    if (entries.some((entry) => entry.version === version)) return refuse(`names the version ${version} twice.`);
    entries.push({ version, base64 });
  }
  return { ok: true, entries };
}

function isAesKey(base64: string): boolean {
  try {
    return fromBase64(base64).length === AES_KEY_BYTES;
  } catch {
    return false;
  }
}
