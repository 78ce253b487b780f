import type { Child } from 'hono/jsx';
import { LANGUAGES, type Language, type Locale } from '../buyer/locale.ts';
import { Icon } from '../buyer/page-parts.tsx';
import type { Strings } from '../buyer/strings.tsx';

/** The `id` of the form whose content is kept if its buyer changes the language. */
export const FORM_ID = 'pay';

interface SwitchProps {
  readonly locale: Locale;
  readonly strings: Strings;
  /** The query of the page, for the links to it. */
  readonly query: Readonly<Record<string, string>>;
  /** Where the form of the page is sent for another language. Not set: the page has no form. */
  readonly formAction: string | undefined;
}

/**
 * The languages of the pages, each by its own name. On a page with a form they are buttons that send it with the field
 * `lang`, so that nothing typed is lost without scripts. On any other page they are links to the same page.
 */
export function LanguageSwitch({ locale, strings, query, formAction }: SwitchProps): Child {
  const { language, tag } = locale;
  return (
    <details>
      <summary>
        <Icon name="globe" size={18} />
        <span class="vh">{strings.language} </span>
        <span>{nameOf(language)}</span>
      </summary>
      <div>
        {LANGUAGES.map((each) => {
          const lang = each === language ? tag : each;
          const common = { lang: each, 'aria-current': each === language ? 'true' : undefined } as const;
          return formAction === undefined ? (
            <a {...common} href={`?${new URLSearchParams({ ...query, lang })}`}>
              {nameOf(each)}
            </a>
          ) : (
            <button {...common} form={FORM_ID} formaction={formAction} formnovalidate name="lang" value={lang}>
              {nameOf(each)}
            </button>
          );
        })}
      </div>
    </details>
  );
}

const names = new Map<Language, string>();

/** The name of a language in itself, as a title: "Français". */
function nameOf(language: Language): string {
  const known = names.get(language);
  if (known !== undefined) return known;
  const name =
    new Intl.DisplayNames(language, { type: 'language', languageDisplay: 'standard' }).of(language) ?? language;
  const [first = '', ...rest] = name;
  const title = first.toLocaleUpperCase(language) + rest.join('');
  names.set(language, title);
  return title;
}
