export { default } from '../../../src/merchant-app/index.ts';
export { LinkGate } from '../../../src/objects/link-gate.ts';
export { WorkspaceGate } from '../../../src/objects/workspace-gate.ts';
