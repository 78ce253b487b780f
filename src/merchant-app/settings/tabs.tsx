import type { Child } from 'hono/jsx';
import { Tabs } from '../pages/parts.tsx';
import type { ShellView } from '../pages/shell.tsx';
import { pathIn } from '../paths.ts';
import { settingsTexts } from './texts.ts';

/** The pages of the settings. */
const PAGES = ['business', 'stripe', 'audit'] as const;

export type SettingsPage = (typeof PAGES)[number];

/** The heading of the settings, and the links between their pages. */
export function SettingsHead({ shell, current }: { shell: ShellView; current: SettingsPage }): Child {
  const { language, organisation, mode } = shell;
  const texts = settingsTexts[language];
  const tabs = PAGES.map((name) => ({
    href: pathIn(organisation.id, mode, `settings/${name}`),
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
