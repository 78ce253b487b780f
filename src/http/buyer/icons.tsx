import type { Child } from 'hono/jsx';

/** The pages' line icons. They only accompany words, so that assistive technology skips them. */
const PATHS = {
  lock: 'M6 11h12a2 2 0 0 1 2 2v6a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2v-6a2 2 0 0 1 2-2ZM8 11V7.5a4 4 0 0 1 8 0V11',
  store: 'M5 10.5V20h14v-9.5M3 8.5 5 4h14l2 4.5a3 3 0 0 1-6 0 3 3 0 0 1-6 0 3 3 0 0 1-6 0ZM10 20v-5h4v5',
  tick: 'm5 12.5 4.5 4.5L19 7.5',
  clock: 'M12 7v5.2l3.2 2M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18Z',
  alert: 'M12 7.5v5.5M12 16.4v.1M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18Z',
  pause: 'M9.5 8.5v7M14.5 8.5v7M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18Z',
  search: 'M11 4a7 7 0 1 1 0 14 7 7 0 0 1 0-14ZM16 16l4.5 4.5',
  back: 'M9 14 4 9l5-5M4 9h10.5a5.5 5.5 0 0 1 0 11H11',
} as const;

export type IconName = keyof typeof PATHS;

/** A 24-unit line icon in the text's colour; `size` in CSS pixels. */
export function Icon({ name, size }: { name: IconName; size: number }): Child {
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
      <path d={PATHS[name]} />
    </svg>
  );
}
