import type { Child } from 'hono/jsx';
import { LineDrawing } from '../../http/buyer/page-parts.tsx';

/** The lines of each icon, in a square of 24. */
const LINES = {
  home: 'M4 11.5 12 4.5l8 7V19a1 1 0 0 1-1 1h-4.5v-5.5h-5V20H5a1 1 0 0 1-1-1Z',
  team: 'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM2.5 20a6.5 6.5 0 0 1 13 0M16 4.5a3.5 3.5 0 0 1 0 6.5M18 14.5a6.5 6.5 0 0 1 3.5 5.5',
  person: 'M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8ZM4.5 20a7.5 7.5 0 0 1 15 0',
  signOut: 'M14 4H6v16h8M10 12h10M16.5 8.5 20 12l-3.5 3.5',
  mail: 'M5 6h14a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2ZM3.5 8l8.5 6 8.5-6',
  add: 'M12 5v14M5 12h14',
  down: 'm7 10 5 5 5-5',
  check: 'm5 12.5 4.5 4.5L19 7.5',
  copy: 'M9 9h11v11H9ZM5 15H4V4h11v1',
  link: 'M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.3l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3a4 4 0 0 0 5.7 5.7l1-1',
  card: 'M5 6h14a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2ZM3 10.5h18M7 14.5h3',
  code: 'm8 8-4 4 4 4M16 8l4 4-4 4M13.5 5l-3 14',
  settings: 'M4 7h9M17 7h3M4 17h3M11 17h9M13 7a2 2 0 1 0 4 0 2 2 0 0 0-4 0ZM7 17a2 2 0 1 0 4 0 2 2 0 0 0-4 0Z',
  out: 'M14 5h5v5M19 5l-8 8M17 14v5H5V7h5',
  download: 'M12 4v11M7 11l5 5 5-5M5 20h14',
  search: 'M11 5a6 6 0 1 0 0 12 6 6 0 0 0 0-12ZM15.5 15.5 20 20',
  lock: 'M6 11h12a2 2 0 0 1 2 2v6a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2v-6a2 2 0 0 1 2-2ZM8 11V7.5a4 4 0 0 1 8 0V11',
  bank: 'M4 10 12 5l8 5M5.5 10v8M10 10v8M14 10v8M18.5 10v8M3 20h18',
  attention: 'M12 7.5v5.5M12 16.4v.1M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18Z',
  passkey:
    'M9.5 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8ZM3 20a6.5 6.5 0 0 1 9.5-5.7M18 12a2.6 2.6 0 1 1 0 5.2 2.6 2.6 0 0 1 0-5.2M18 17v5M18 19.5h2',
  key: 'M14 10a4 4 0 1 1-1.2-2.8M13 10.5h8M18 10.5v3',
} as const;

export type IconName = keyof typeof LINES;

/** An icon, which says nothing to who cannot see it. `size`: in pixels. */
export function Icon({ name, size = 20 }: { name: IconName; size?: number }): Child {
  return <LineDrawing lines={LINES[name]} size={size} />;
}
