// npm run openapi: writes public/openapi.json from the schemas that the Worker validates with. Run it after you change a route.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { openApiDocument } from './openapi/document.ts';

const file = new URL('../public/openapi.json', import.meta.url);
const text = `${JSON.stringify(openApiDocument(), null, 2)}\n`;
// A running copy watches public/: an unchanged document must not restart it.
if (!existsSync(file) || readFileSync(file, 'utf8') !== text) writeFileSync(file, text);
