const TIMEOUT_MS = 30_000;

/** Sends one request and reads its answer. Throws for any status but the expected one. */
export async function ask(url: string, init: RequestInit, status: number): Promise<string> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
  const text = await response.text();
  if (response.status === status) return text;
  throw new Error(`${init.method ?? 'GET'} ${url}: expected ${status}, got ${response.status}: ${text.slice(0, 500)}`);
}
