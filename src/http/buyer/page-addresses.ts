/** A path or URL with parameters added to its query. */
export function withQuery(path: string, parameters: Readonly<Record<string, string>>): string {
  const query = new URLSearchParams(parameters).toString();
  if (query === '') return path;
  return `${path}${path.includes('?') ? '&' : '?'}${query}`;
}

/** The paths of a payment link's pages and QR codes, without our own address. */
export function pathsOf(token: string) {
  const pay = `/pay/link/${encodeURIComponent(token)}`;
  return { pay, done: `${pay}/done`, doneStatus: `${pay}/done/status`, qrSvg: `${pay}/qr.svg`, qrPng: `${pay}/qr.png` };
}
