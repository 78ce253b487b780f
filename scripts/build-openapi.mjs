// Writes public/openapi.json from the schemas that the Worker validates with. Run it after changing a route.
import { writeFileSync } from 'node:fs';
import { openApiDocument } from './openapi/document.ts';

writeFileSync(new URL('../public/openapi.json', import.meta.url), `${JSON.stringify(openApiDocument(), null, 2)}\n`);
