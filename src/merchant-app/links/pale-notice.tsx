import type { Child } from 'hono/jsx';
import { type ButtonWarning, buttonWarnings } from '../../http/buyer/button-colours.ts';
import type { ButtonColours } from '../../http/buyer/page-parts.tsx';
import type { Language } from '../language.ts';
import { Notice } from '../pages/parts.tsx';
import { formTexts } from './form-texts.ts';

/** Warns of a button that could not be read or hardly be seen in its colours, and says what the page does about it. */
export function PaleNotice({ language, button }: { language: Language; button: ButtonColours }): Child {
  const texts = formTexts[language];
  const words: Record<ButtonWarning, string> = { text: texts.paleText, ground: texts.paleButton };
  return buttonWarnings(button).map((warning) => <Notice tone="warn">{words[warning]}</Notice>);
}
