import type { Child } from 'hono/jsx';
import { formatMoney, type Money } from '../../core/money/money.ts';
import { inLanguages, type Language } from '../language.ts';
import { type Clock, dayText, tagOf, timeText } from '../time.ts';
import { Icon } from './icons.tsx';

/** What many screens have. */
const partsTexts = inLanguages({
  en: { copy: 'Copy', copied: 'Copied', older: 'Older', more: 'More', pages: 'Pages' },
  de: { copy: 'Kopieren', copied: 'Kopiert', older: 'Ältere', more: 'Weitere', pages: 'Seiten' },
});

/** How something stands: good, to be watched, bad, or neither. */
export type Tone = 'ok' | 'warn' | 'bad' | 'plain';

/** The class of a tone. */
const classOf = (...names: readonly (Tone | string)[]) => names.filter((name) => name !== 'plain').join(' ');

/** A short word for a state, in its colour. */
export function Badge({ tone, children }: { tone: Tone; children: Child }): Child {
  return <span class={classOf('badge', tone)}>{children}</span>;
}

/** A fixed word, such as a scope. */
export function Tag({ children }: { children: Child }): Child {
  return <span class="badge tag">{children}</span>;
}

/** An amount with its currency, as the reader writes it. */
export function Amount({ language, money }: { language: Language; money: Money }): Child {
  return <span class="num">{formatMoney(money, tagOf(language))}</span>;
}

/** A time; `day`: only the day. `at`: unix ms. */
export function When({ clock, at, day = false }: { clock: Clock; at: number; day?: boolean }): Child {
  const text = day ? dayText(clock, at) : timeText(clock, at);
  return <time datetime={new Date(at).toISOString()}>{text}</time>;
}

interface NoticeView {
  readonly tone: Tone;
  /** `status`: it answers what the reader has just done. */
  readonly role?: 'status';
  readonly children: Child;
  /** What the reader can do about it. */
  readonly action?: Child;
}

/** A sentence that must be seen, with what the reader can do. */
export function Notice({ tone, role, children, action }: NoticeView): Child {
  return (
    <div class={classOf('notice', tone)} role={role}>
      <Icon name={tone === 'ok' ? 'check' : 'attention'} />
      <span>{children}</span>
      {action}
    </div>
  );
}

interface CodeView {
  readonly language: Language;
  readonly id: string;
  /** What the code is. */
  readonly label: string;
  readonly code: string;
}

/** Code or a text to copy, with a button that copies it where the browser has scripts. */
export function Code({ language, id, label, code }: CodeView): Child {
  return (
    <figure class="code">
      <figcaption>
        <span>{label}</span>
        <CopyButton language={language} source={id} label={label} />
      </figcaption>
      {/* biome-ignore lint/a11y/useSemanticElements: only a `pre` keeps the lines. It scrolls, so the keyboard reaches it. */}
      <pre id={id} tabindex={0} role="region" aria-label={label}>
        {code}
      </pre>
    </figure>
  );
}

/** JSON with a line for each member, to be read. Text that is no JSON stays as it is. */
export function prettyJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** One line to copy, such as an address. */
export function CodeLine({ language, id, label, code }: CodeView): Child {
  return (
    <div class="code line">
      <code id={id}>{code}</code>
      <CopyButton language={language} source={id} label={label} />
    </div>
  );
}

interface CopyView {
  readonly language: Language;
  /** The id of the element whose text is copied. */
  readonly source: string;
  /** What is copied, for who cannot see where the button stands. */
  readonly label: string;
}

/** A button that copies the text of an element. Hidden where the browser has no scripts. */
export function CopyButton({ language, source, label }: CopyView): Child {
  const texts = partsTexts[language];
  return (
    <button class="btn bare" type="button" data-copy={source} data-copied={texts.copied}>
      <Icon name="copy" size={18} />
      <span>{texts.copy}</span>
      <span class="vh"> {label}</span>
    </button>
  );
}

interface TabsView {
  readonly label: string;
  readonly tabs: readonly { readonly href: string; readonly text: string; readonly isCurrent: boolean }[];
}

/** Links between the pages of one screen. */
export function Tabs({ label, tabs }: TabsView): Child {
  return (
    <nav class="row" aria-label={label}>
      <div class="seg">
        {tabs.map(({ href, text, isCurrent }) => (
          <a href={href} aria-current={isCurrent ? 'page' : undefined}>
            {text}
          </a>
        ))}
      </div>
    </nav>
  );
}

interface NextPageView {
  readonly language: Language;
  /** null: there is no next page. */
  readonly href: string | null;
  /** What the next page has. Older ones, where the list says nothing else. */
  readonly has?: 'older' | 'more';
}

/** The link to the next page of a list. */
export function NextPage({ language, href, has = 'older' }: NextPageView): Child {
  if (href === null) return null;
  return (
    <nav class="row end" aria-label={partsTexts[language].pages}>
      <a class="btn" href={href} rel="next">
        {partsTexts[language][has]}
      </a>
    </nav>
  );
}

/** What stands where a list has nothing yet: what it will show, and how it begins. */
export function Empty({ title, text, children }: { title: string; text: string; children?: Child }): Child {
  return (
    <div class="empty stack">
      <div class="stack tight">
        <h2>{title}</h2>
        <p class="soft">{text}</p>
      </div>
      {children}
    </div>
  );
}

/** The way back to the list that a page belongs to. */
export function BackLink({ href, text }: { href: string; text: string }): Child {
  return (
    <a class="crumb" href={href}>
      <span aria-hidden="true">‹</span>
      {text}
    </a>
  );
}
