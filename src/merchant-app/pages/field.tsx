import type { Child } from 'hono/jsx';

interface FrameView {
  readonly id: string;
  readonly label: Child;
  /** Explains the control, below it. */
  readonly hint?: string;
  /** Why the field was refused. null: it was not. */
  readonly fault: string | null;
  /** The control, with the attributes of `describing`. */
  readonly children: Child;
}

/** A control of a form with its label, its hint, and what is wrong with it. */
export function FieldFrame({ id, label, hint, fault, children }: FrameView): Child {
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
export function describing({ id, hint, fault }: Pick<FrameView, 'id' | 'hint' | 'fault'>) {
  const parts = [fault !== null && `${id}-error`, hint !== undefined && `${id}-hint`].filter(Boolean);
  return {
    'aria-invalid': fault === null ? undefined : ('true' as const),
    'aria-describedby': parts.join(' ') || undefined,
  };
}

type Attributes = Readonly<Record<string, string | number | boolean>>;

interface FieldView extends Omit<FrameView, 'children'> {
  /** The other attributes of the input. */
  readonly input: Attributes;
}

/** An input of one line. Its name is its id. */
export function Field({ input, ...frame }: FieldView): Child {
  return (
    <FieldFrame {...frame}>
      <input id={frame.id} name={frame.id} {...input} {...describing(frame)} />
    </FieldFrame>
  );
}

interface TextAreaView extends FieldView {
  readonly value: string;
}

/** A text of several lines. Its name is its id. */
export function TextArea({ value, input, ...frame }: TextAreaView): Child {
  return (
    <FieldFrame {...frame}>
      <textarea id={frame.id} name={frame.id} {...input} {...describing(frame)}>
        {value}
      </textarea>
    </FieldFrame>
  );
}

interface SelectView extends Omit<FrameView, 'children' | 'fault'> {
  readonly value: string;
  readonly options: readonly { readonly value: string; readonly text: string }[];
  /** Why the field was refused. Not set: it was not. */
  readonly fault?: string | null;
  /** The other attributes of the field. */
  readonly input?: Attributes;
}

/** One of a list of values. Its name is its id. */
export function Select({ value, options, input, fault = null, ...rest }: SelectView): Child {
  const frame = { ...rest, fault };
  return (
    <FieldFrame {...frame}>
      <select id={frame.id} name={frame.id} {...input} {...describing(frame)}>
        {options.map((option) => (
          <option value={option.value} selected={option.value === value}>
            {option.text}
          </option>
        ))}
      </select>
    </FieldFrame>
  );
}
