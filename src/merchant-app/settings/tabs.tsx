import type { Child } from 'hono/jsx';
import { inLanguages } from '../language.ts';
import { Tabs } from '../pages/parts.tsx';
import type { ShellView } from '../pages/shell.tsx';
import { pathOf } from '../paths.ts';

/** The settings of a workspace. */
const settingsTexts = inLanguages({
  en: { title: 'Settings', business: 'Business', stripe: 'Stripe', team: 'Team', audit: 'Audit log', you: 'You' },
  de: {
    title: 'Einstellungen',
    business: 'Unternehmen',
    stripe: 'Stripe',
    team: 'Team',
    audit: 'Protokoll',
    you: 'Sie',
  },
});

/** The pages of the settings, each with its path. */
const PAGES = {
  business: 'settings/business',
  stripe: 'settings/stripe',
  team: 'team',
  audit: 'settings/audit',
  you: 'settings/you',
} as const;

type SettingsPage = keyof typeof PAGES;

const isPage = (name: string): name is SettingsPage => Object.hasOwn(PAGES, name);

/** The heading of the settings, and the links between their pages. */
export function SettingsHead({ shell, current }: { shell: ShellView; current: SettingsPage }): Child {
  const texts = settingsTexts[shell.language];
  const tabs = Object.keys(PAGES)
    .filter(isPage)
    .map((name) => ({
      href: pathOf(shell, PAGES[name]),
      text: texts[name],
      isCurrent: name === current,
    }));
  return (
    <>
      <div class="head">
        <h1>{texts.title}</h1>
      </div>
      <Tabs label={texts.title} tabs={tabs} />
    </>
  );
}
