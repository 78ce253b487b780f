import type { Child } from 'hono/jsx';
import { parseColour } from '../../http/buyer/button-colours.ts';
import { describing, FieldFrame } from '../pages/field.tsx';

interface ColourView {
  readonly id: string;
  readonly label: Child;
  readonly hint: string;
  readonly fault: string | null;
  readonly value: string;
  /** What the picker is called. */
  readonly pick: string;
  /** The colour that the picker has where nothing valid is typed, as `#rrggbb`. */
  readonly byDefault: string;
}

/**
 * A colour: a text, and a picker beside it. Without a script the server finds which of the two was changed, by the hidden field
 * with what the picker had at first.
 */
export function ColourField({ value, pick, byDefault, ...frame }: ColourView): Child {
  const { id } = frame;
  const shown = parseColour(value) ?? byDefault;
  return (
    <FieldFrame {...frame}>
      <div class="colour">
        <input id={id} name={id} value={value} maxlength={7} spellcheck={false} {...describing(frame)} />
        <input type="hidden" name={`${id}_shown`} value={shown} />
        <input type="color" name={`${id}_picked`} value={shown} data-colour-of={id} aria-label={pick} />
      </div>
    </FieldFrame>
  );
}
