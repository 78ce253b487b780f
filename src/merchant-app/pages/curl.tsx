import type { Child } from 'hono/jsx';
import { grants, type Scope, SERVICE_WILDCARD } from '../../core/scopes.ts';
import { API_PATH } from '../../core/urls.ts';
import { inLanguages } from '../language.ts';
import { Code } from './parts.tsx';
import type { ShellView } from './shell.tsx';

const curlTexts = inLanguages({
  en: {
    asCurl: 'The same with curl',
    secretKeyHint: 'Put one of your secret keys in place of $SECRET_KEY. It needs this scope:',
    notEverything: '(not included in “everything but public keys”)',
  },
  de: {
    asCurl: 'Dasselbe mit curl',
    secretKeyHint: 'Setzen Sie einen Ihrer geheimen Schlüssel für $SECRET_KEY ein. Er braucht diesen Scope:',
    notEverything: '(in „alles außer öffentlichen Schlüsseln“ nicht enthalten)',
  },
});

/** A request to the API. `body`: sent as JSON. */
export interface ApiRequest {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below the base of the API, with its query. */
  readonly path: string;
  readonly body?: unknown;
}

/**
 * The command that sends a request to the API, to be pasted into a shell in which `SECRET_KEY` is set. `publicUrl`: the
 * address of the service, without a slash at its end. `secretKey`: the key itself, on the one page that shows it.
 */
export function curlOf(
  publicUrl: string,
  { method = 'GET', path, body }: ApiRequest,
  secretKey = '$SECRET_KEY',
): string {
  const url = quoted(`${publicUrl}${API_PATH}${path}`);
  const methodOption = method === 'GET' || (method === 'POST' && body !== undefined) ? '' : `-X ${method} `;
  const key = `-H "Authorization: Bearer ${secretKey}"`;
  const json = body === undefined ? [] : ['-H "Content-Type: application/json"', `-d ${quoted(JSON.stringify(body))}`];
  return [`curl ${methodOption}${url}`, key, ...json].join(' \\\n  ');
}

/** A word of a shell: in single quotes everything means itself. */
function quoted(text: string): string {
  return /^[\w:/.-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

interface CurlView {
  readonly view: { readonly shell: ShellView; readonly publicUrl: string };
  readonly request: ApiRequest;
  /** What the secret key of the request needs. */
  readonly scope: Scope;
}

/** The request to the API that does the same as a page. */
export function Curl({ view: { shell, publicUrl }, request, scope }: CurlView): Child {
  const { language } = shell;
  const texts = curlTexts[language];
  return (
    <section class="stack tight">
      <Code language={language} id="curl" label={texts.asCurl} code={curlOf(publicUrl, request)} />
      <small>
        {texts.secretKeyHint} <code>{scope}</code> {!grants([SERVICE_WILDCARD], scope) && texts.notEverything}
      </small>
    </section>
  );
}
