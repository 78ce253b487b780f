import * as z from 'zod';
import { APP_URL, type TestBrowser } from './app.ts';

const RP_ID = new URL(APP_URL).hostname;
/** The flags of authenticator data: the person is there; a fingerprint or PIN was checked; a new key pair is described. */
const [PRESENT, VERIFIED, NEW_KEY] = [0x01, 0x04, 0x40];
/** The beginning of a P-256 key in COSE, CBOR: { 1: 2 (EC2), 3: -7 (ES256), -1: 1 (P-256), -2: 32 bytes … */
const COSE_KEY = [0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20];
/** … -3: 32 bytes. */
const COSE_Y = [0x22, 0x58, 0x20];

const optionsSchema = z.object({ challenge: z.string() });

/** What a test can make wrong. */
export interface Deviation {
  readonly origin?: string;
  readonly challenge?: string;
  /** The host that the device was asked for. */
  readonly rpId?: string;
  /** false: the device checked neither fingerprint nor PIN. */
  readonly isVerified?: boolean;
  /** What kind of ceremony the browser says it is. */
  readonly type?: string;
}

/** A passkey in software: what a browser and a device do, but for the dialog. */
export class TestPasskey {
  readonly id: string;
  readonly #keys: CryptoKeyPair;
  readonly #aaguid: Uint8Array;
  #uses = 0;

  private constructor(keys: CryptoKeyPair, aaguid: Uint8Array) {
    this.id = base64url(crypto.getRandomValues(new Uint8Array(32)));
    this.#keys = keys;
    this.#aaguid = aaguid;
  }

  /** `aaguid`: the model of the device, as a UUID. */
  static async make(aaguid = '00000000-0000-0000-0000-000000000000'): Promise<TestPasskey> {
    const keys = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
    if (!('privateKey' in keys)) throw new Error('No pair of keys was made');
    const bytes = aaguid.replaceAll('-', '').match(/../g) ?? [];
    return new TestPasskey(
      keys,
      Uint8Array.from(bytes, (byte) => Number.parseInt(byte, 16)),
    );
  }

  /** What the browser sends after it made this passkey, with no attestation. */
  async create(challenge: string, deviation: Deviation = {}): Promise<string> {
    const authData = await this.#authData(NEW_KEY, deviation, await this.#description());
    // { "fmt": "none", "attStmt": {}, "authData": … }
    const attestationObject = bytesOf(
      [0xa3, 0x63],
      text('fmt'),
      [0x64],
      text('none'),
      [0x67],
      text('attStmt'),
      [0xa0, 0x68],
      text('authData'),
      [0x58, authData.length],
      authData,
    );
    const clientData = this.#clientData('webauthn.create', challenge, deviation);
    return this.#credential({
      clientDataJSON: base64url(clientData),
      attestationObject: base64url(attestationObject),
      transports: ['internal'],
    });
  }

  /** What the browser sends after this passkey has signed. */
  async get(challenge: string, deviation: Deviation = {}): Promise<string> {
    const authData = await this.#authData(0, deviation);
    const clientData = this.#clientData('webauthn.get', challenge, deviation);
    const signed = bytesOf(authData, new Uint8Array(await crypto.subtle.digest('SHA-256', clientData)));
    const raw = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, this.#keys.privateKey, signed);
    return this.#credential({
      clientDataJSON: base64url(clientData),
      authenticatorData: base64url(authData),
      signature: base64url(derSignature(new Uint8Array(raw))),
    });
  }

  #credential(response: object): string {
    return JSON.stringify({ id: this.id, rawId: this.id, type: 'public-key', clientExtensionResults: {}, response });
  }

  #clientData(type: string, challenge: string, deviation: Deviation): Uint8Array {
    return text(JSON.stringify({ type, challenge, origin: APP_URL, crossOrigin: false, ...deviation }));
  }

  async #authData(flags: number, { rpId = RP_ID, isVerified = true }: Deviation, more: Uint8Array = new Uint8Array()) {
    this.#uses += 1;
    const host = new Uint8Array(await crypto.subtle.digest('SHA-256', text(rpId)));
    return bytesOf(host, [flags | PRESENT | (isVerified ? VERIFIED : 0), 0, 0, 0, this.#uses], more);
  }

  /** The device's model, the id of the key pair, and the public key. */
  async #description(): Promise<Uint8Array> {
    const raw = await crypto.subtle.exportKey('raw', this.#keys.publicKey);
    if (!(raw instanceof ArrayBuffer)) throw new Error('The public key has no raw form');
    const [x, y] = [new Uint8Array(raw, 1, 32), new Uint8Array(raw, 33, 32)];
    const id = Uint8Array.from(atob(this.id.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
    return bytesOf(this.#aaguid, [0, id.length], id, COSE_KEY, x, COSE_Y, y);
  }
}

/** Asks for what a passkey is to sign, as the script of the page at `path` does. */
export async function challengeAt(browser: TestBrowser, path: string): Promise<string> {
  return optionsSchema.parse(await (await browser.post(`${path}/options`)).json()).challenge;
}

/** Adds a new passkey to the person who is signed in. */
export async function addPasskey(browser: TestBrowser, aaguid?: string): Promise<TestPasskey> {
  const passkey = await TestPasskey.make(aaguid);
  const credential = await passkey.create(await challengeAt(browser, '/app/passkeys'));
  const response = await browser.post('/app/passkeys', { credential });
  if (response.status !== 303) throw new Error(`The passkey was not added: ${response.status}`);
  return passkey;
}

/** Signs in with a passkey. `deviation`: what is wrong with it. */
export async function signInWith(browser: TestBrowser, passkey: TestPasskey, deviation?: Deviation): Promise<Response> {
  const credential = await passkey.get(await challengeAt(browser, '/app/sign-in/passkey'), deviation);
  return await browser.post('/app/sign-in/passkey', { credential });
}

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

function bytesOf(...parts: (Uint8Array | readonly number[])[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

/** WebCrypto writes the two numbers of a signature one after the other, WebAuthn as ASN.1. */
function derSignature(raw: Uint8Array): Uint8Array {
  const numbers = [raw.slice(0, 32), raw.slice(32)].map((number) => {
    const digits = number.slice(number.findIndex((byte) => byte !== 0));
    const positive = (digits[0] ?? 0) > 0x7f ? bytesOf([0], digits) : digits;
    return bytesOf([0x02, positive.length], positive);
  });
  const content = bytesOf(...numbers);
  return bytesOf([0x30, content.length], content);
}
