import type { Child } from 'hono/jsx';

interface FieldFrameView {
  readonly id: string;
  readonly label: Child;
  readonly hint?: string;
  readonly fault: string | null;
  readonly children: Child;
}

/** The label of a control, its hint, and what is wrong with it. The control is described by `describing`. */
export function FieldFrame({ id, label, hint, fault, children }: FieldFrameView): Child {
  return (
    <div class={fault === null ? 'field' : 'field bad'}>
      <label for={id}>{label}</label>
      {children}
      {fault !== null && (
        <p class="error" id={`${id}-error`}>
          {fault}
        </p>
      )}
      {hint !== undefined && <small id={`${id}-hint`}>{hint}</small>}
    </div>
  );
}

/** The attributes by which a control in a `FieldFrame` is described. */
export function describing({ id, hint, fault }: Pick<FieldFrameView, 'id' | 'hint' | 'fault'>) {
  const parts = [fault !== null && `${id}-error`, hint !== undefined && `${id}-hint`].filter(Boolean);
  return {
    'aria-invalid': fault === null ? undefined : ('true' as const),
    'aria-describedby': parts.join(' ') || undefined,
  };
}

interface TextView extends Omit<FieldFrameView, 'children'> {
  readonly value: string;
  /** More attributes of the input. */
  readonly input?: Readonly<Record<string, string | number | boolean>>;
}

/** An input of one line. Its name is its id. */
export function TextField({ value, input, ...frame }: TextView): Child {
  return (
    <FieldFrame {...frame}>
      <input id={frame.id} name={frame.id} value={value} {...input} {...describing(frame)} />
    </FieldFrame>
  );
}

/** A text of several lines. Its name is its id. */
export function LongTextField({ value, input, ...frame }: TextView): Child {
  return (
    <FieldFrame {...frame}>
      <textarea id={frame.id} name={frame.id} {...input} {...describing(frame)}>
        {value}
      </textarea>
    </FieldFrame>
  );
}

interface ColourView extends Omit<TextView, 'input'> {
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
  const shown = pickable(value) ?? byDefault;
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

/** A colour as a picker has it, `#rrggbb` in lower case. null: it is none. */
function pickable(text: string): string | null {
  const lower = text.toLowerCase();
  if (/^#[0-9a-f]{6}$/.test(lower)) return lower;
  return /^#[0-9a-f]{3}$/.test(lower) ? lower.replace(/[0-9a-f]/g, '$&$&') : null;
}
