import type { Context } from 'hono';
import { shellOf, type WorkspaceEnv } from '../allowed-to.ts';
import type { DevelopersView } from './frame.tsx';

/** What a page for developers is made with, of this request. */
export function viewOf(c: Context<WorkspaceEnv>): DevelopersView {
  const { publicUrl, docsUrl } = c.var.config.service;
  return { shell: shellOf(c), publicUrl, docsUrl };
}
