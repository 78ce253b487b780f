import { env } from 'cloudflare:workers';
import { findWorkspace } from '../../../src/db/workspaces.ts';
import { type Context, inWorkspace } from '../../../src/domain/context.ts';
import { makeContext } from '../../../src/make-context.ts';
import { type BindingChanges, configFor } from './direct.ts';
import { operatorContext, type TestWorkspace } from './workspace.ts';

/** The context in which a person acts in this workspace, with some bindings changed. Making it sends nothing through these. */
export async function personIn({ workspace, shard }: TestWorkspace, changes: BindingChanges = {}): Promise<Context> {
  const bindings = { ...env, ...changes };
  const actor = { kind: 'person', id: 'usr_ann', address: '203.0.113.7' } as const;
  const platform = makeContext(bindings, configFor(bindings), { shard, actor, requestId: null });
  const owner = await findWorkspace(operatorContext(shard).database, workspace.id);
  if (!owner) throw new Error(`There is no workspace ${workspace.id}`);
  return inWorkspace(platform, owner);
}
