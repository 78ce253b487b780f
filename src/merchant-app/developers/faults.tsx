import type { Context } from 'hono';
import { ApiError } from '../../core/errors.ts';
import type { WorkspaceEnv } from '../allowed-to.ts';
import { messagePage } from '../pages/message.tsx';
import { Notice } from '../pages/parts.tsx';
import { PartScreen } from './frame.tsx';
import { developersTexts } from './texts.ts';
import { viewOf } from './view.ts';

type Explained = keyof (typeof developersTexts)['en']['faults'];

const isExplained = (code: string): code is Explained => Object.hasOwn(developersTexts.en.faults, code);

/** The page for what a use case refuses. Throws all other errors on. */
export function respondFault(error: Error, c: Context<WorkspaceEnv>) {
  if (!(error instanceof ApiError)) throw error;
  const { code, status } = error;
  if (code === 'not_found') return c.html(messagePage(c.var.language, 'notFound'), 404);
  if (!isExplained(code)) throw error;
  const texts = developersTexts[c.var.language];
  const tab = code === 'limit_reached' && c.req.path.includes('keys') ? 'keys' : 'webhooks';
  return c.html(
    <PartScreen view={viewOf(c)} title={texts.notDone} back={{ to: tab, text: texts.tabs[tab] }}>
      <Notice tone="bad">{texts.faults[code]}</Notice>
    </PartScreen>,
    status,
  );
}
