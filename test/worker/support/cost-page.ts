import page from '../../../docs/cost.md?raw';
import { readPage } from '../../bench/cost-page.ts';

/** What docs/cost.md says that each step costs. */
export const { steps: DOCUMENTED_COSTS } = readPage(page);
