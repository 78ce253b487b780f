const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const AES_KEY_BYTES = 32;
/** 96 bits, the nonce length AES-GCM is defined for (NIST SP 800-38D §5.2.1.1). */
const IV_BYTES = 12;

/** The type of an imported key, written so that workerd's and Node's type definitions both have it. */
type AesKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

/** The keys that encrypt stored secrets. `current` encrypts; `byVersion` has the keys that decrypt, by their version. */
export interface SecretsKeyring {
  readonly current: { readonly version: string; readonly key: AesKey };
  readonly byVersion: ReadonlyMap<string, AesKey>;
}

/** SHA-256 of bytes, or of the UTF-8 bytes of a text, as 64 lower-case hex digits. */
export async function sha256Hex(data: string | Uint8Array<ArrayBuffer>): Promise<string> {
  return toHex(await sha256(data));
}

/** True where the texts are equal. Takes the same time wherever they differ, because it compares their SHA-256 digests. */
export async function equalInConstantTime(left: string, right: string): Promise<boolean> {
  const [a, b] = await Promise.all([sha256(left), sha256(right)]);
  return a.reduce((difference, byte, index) => difference | (byte ^ (b[index] ?? 0)), 0) === 0;
}

/** HMAC-SHA-256 (RFC 2104) of the UTF-8 bytes of a message: 32 bytes. `key`: raw bytes, at least one. */
export async function hmacSha256(key: Uint8Array, message: string): Promise<Uint8Array> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const imported = await crypto.subtle.importKey('raw', new Uint8Array(key), algorithm, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', imported, encoder.encode(message)));
}

/** Why a text is not a valid SECRETS_KEY, or null where it is valid. The answer never contains a key. */
export function secretsKeyFault(text: string): string | null {
  try {
    secretsKeyEntries(text);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/**
 * Reads SECRETS_KEY: base64 of 32 bytes (version v1), or a list `v2:<base64>,v1:<base64>`. The first key of the list
 * encrypts; each key decrypts the texts of its version. Throws Error for a malformed text; the message never contains a
 * key.
 */
export async function parseSecretsKey(text: string): Promise<SecretsKeyring> {
  const keys = await fromEachSecretsKey(text, async ({ version, bytes }) => {
    return { version, key: await crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt']) };
  });
  return { current: keys[0], byVersion: new Map(keys.map(({ version, key }) => [version, key])) };
}

/** The results of `make` for each key of SECRETS_KEY, the current key's first. Throws Error for a malformed SECRETS_KEY. */
export async function fromEachSecretsKey<T>(
  text: string,
  make: (entry: SecretsKeyEntry) => Promise<T>,
): Promise<readonly [T, ...T[]]> {
  const [current, ...older] = secretsKeyEntries(text);
  return await Promise.all([make(current), ...older.map(make)]);
}

/**
 * Encrypts a secret for storage: AES-256-GCM under the current key, with a new random IV each time. Returns
 * `<version>.<iv base64url>.<ciphertext base64url>`. `associatedData`: the ids of the secret's row (workspace,
 * endpoint). Decryption needs the same list, so that a secret that was copied to another row cannot be read.
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
 * Decrypts a text that `encryptSecret` returned. Throws Error where the keyring lacks the text's key version, where any
 * character of the text was changed, and where `associatedData` is not the same list.
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

/** Bytes as hex: two lower-case digits for each byte. */
export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Standard base64, with padding (RFC 4648 §4). */
export function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

/** The bytes of canonical base64 (RFC 4648 §4): padded, no white space, unused bits zero. Throws Error for other text. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const bytes = parseBase64(text);
  if (bytes === null) throw new Error('Not canonical base64.');
  return bytes;
}

function parseBase64(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    // atob forgives spaces, missing padding and stray bits; what was altered must not pass for the original.
    return toBase64(bytes) === text ? bytes : null;
  } catch {
    return null;
  }
}

/** Base64 for URLs, without padding (RFC 4648 §5). */
export function toBase64Url(bytes: Uint8Array): string {
  return toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** The bytes of canonical base64url (RFC 4648 §5). Throws Error for other text. */
export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) throw new Error('Not base64url.');
  const padding = '='.repeat((4 - (text.length % 4)) % 4);
  return fromBase64(text.replaceAll('-', '+').replaceAll('_', '/') + padding);
}

async function sha256(data: string | Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const bytes = typeof data === 'string' ? encoder.encode(data) : data;
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

/** The bytes that the encryption authenticates. They are JSON, so that ['a', 'bc'] and ['ab', 'c'] differ. */
function additionalData(version: string, associatedData: readonly string[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(encoder.encode(JSON.stringify([version, ...associatedData])));
}

interface SecretsKeyEntry {
  readonly version: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

function secretsKeyEntries(text: string): [SecretsKeyEntry, ...SecretsKeyEntry[]] {
  const expected = 'must be base64 of 32 bytes (`openssl rand -base64 32` makes one) or a list v2:<base64>,v1:<base64>';
  const refusal = (message: string) => new Error(`SECRETS_KEY ${message}`);
  const parts = text.split(',').map((part) => part.trim());
  const entries: SecretsKeyEntry[] = [];
  for (const [index, part] of parts.entries()) {
    const versioned = /^(v[1-9]\d{0,3}):(.*)$/.exec(part);
    if (versioned === null && parts.length > 1) {
      throw refusal(`${expected}: entry ${index + 1} does not begin with a version such as v1:.`);
    }
    const [, version = 'v1', base64 = part] = versioned ?? [];
    const bytes = parseBase64(base64);
    if (bytes?.length !== AES_KEY_BYTES) {
      throw refusal(`${expected}: entry ${index + 1} is not base64 of ${AES_KEY_BYTES} bytes.`);
    }
    if (entries.some((entry) => entry.version === version)) throw refusal(`names the version ${version} twice.`);
    entries.push({ version, bytes });
  }
  const [current, ...older] = entries;
  if (!current) throw refusal(`${expected}.`);
  return [current, ...older];
}
