import type { Child } from 'hono/jsx';
import type { ApiError, ErrorCode } from '../../core/errors.ts';
import type { Language } from '../language.ts';
import { CardPage, type PageNode } from './layout.tsx';
import { messageTexts } from './message-texts.ts';
import { refusalTexts } from './refusal-texts.ts';

interface MessageView {
  readonly language: Language;
  readonly title: string;
  readonly text: string;
  /** What the reader can do, before the way to the app. */
  readonly children?: Child;
}

/** A page that only says something, with the way to the app. */
export function MessagePage({ language, title, text, children }: MessageView): PageNode {
  return (
    <CardPage language={language} title={title} text={text}>
      {children}
      <a class="btn" href="/app">
        {messageTexts[language].toApp}
      </a>
    </CardPage>
  );
}

/** The page of one of the fixed messages. */
export function messagePage(language: Language, name: Exclude<keyof (typeof messageTexts)['en'], 'toApp'>): PageNode {
  const [title = '', text = ''] = messageTexts[language][name];
  return <MessagePage language={language} title={title} text={text} />;
}

/** The page for what a use case refuses. Its message is for programs, so the page has words of its own for the code. */
export function refusalPage(language: Language, { code }: ApiError): PageNode {
  const [title = '', text = ''] = messageTexts[language].notNow;
  const { other, ...known } = refusalTexts[language];
  const reasons: Readonly<Partial<Record<ErrorCode, string>>> = known;
  return (
    <MessagePage language={language} title={title} text={text}>
      <p>{reasons[code] ?? other}</p>
    </MessagePage>
  );
}
