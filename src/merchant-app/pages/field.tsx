import type { Child } from 'hono/jsx';

interface FieldView {
  readonly id: string;
  readonly label: string;
  /** Explains the field, below it. */
  readonly hint?: string;
  /** Why the field was refused. null: it was not. */
  readonly fault: string | null;
  /** More attributes of the input. */
  readonly input: Readonly<Record<string, string | number | boolean>>;
}

/** An input of a form with its label, its hint, and what is wrong with it. Its name is its id. */
export function Field({ id, label, hint, fault, input }: FieldView): Child {
  const describedBy = [fault !== null && `${id}-error`, hint !== undefined && `${id}-hint`].filter(Boolean).join(' ');
  return (
    <div class={fault === null ? 'field' : 'field bad'}>
      <label for={id}>{label}</label>
      <input
        id={id}
        name={id}
        {...input}
        aria-invalid={fault === null ? undefined : 'true'}
        aria-describedby={describedBy || undefined}
      />
      {fault !== null && (
        <p class="error" id={`${id}-error`}>
          {fault}
        </p>
      )}
      {hint !== undefined && <small id={`${id}-hint`}>{hint}</small>}
    </div>
  );
}
