import type { Child } from 'hono/jsx';

/** The lines of each icon, in a square of 24. */
const LINES = {
  home: 'M4 11.5 12 4.5l8 7V19a1 1 0 0 1-1 1h-4.5v-5.5h-5V20H5a1 1 0 0 1-1-1Z',
  team: 'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM2.5 20a6.5 6.5 0 0 1 13 0M16 4.5a3.5 3.5 0 0 1 0 6.5M18 14.5a6.5 6.5 0 0 1 3.5 5.5',
  person: 'M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8ZM4.5 20a7.5 7.5 0 0 1 15 0',
  signOut: 'M14 4H6v16h8M10 12h10M16.5 8.5 20 12l-3.5 3.5',
  add: 'M12 5v14M5 12h14',
  down: 'm7 10 5 5 5-5',
  check: 'm5 12.5 4.5 4.5L19 7.5',
  passkey:
    'M9.5 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8ZM3 20a6.5 6.5 0 0 1 9.5-5.7M18 12a2.6 2.6 0 1 1 0 5.2 2.6 2.6 0 0 1 0-5.2M18 17v5M18 19.5h2',
  key: 'M14 10a4 4 0 1 1-1.2-2.8M13 10.5h8M18 10.5v3',
} as const;

export type IconName = keyof typeof LINES;

/** An icon, which says nothing to who cannot see it. `size`: in pixels. */
export function Icon({ name, size = 20 }: { name: IconName; size?: number }): Child {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={LINES[name]} />
    </svg>
  );
}
