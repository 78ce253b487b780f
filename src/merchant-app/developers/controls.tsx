import type { Child } from 'hono/jsx';

interface TextAreaView {
  readonly id: string;
  readonly label: string;
  readonly hint: string;
  readonly fault: string | null;
  readonly rows: number;
  readonly value: string;
}

/** A text of several lines with its label, its hint, and what is wrong with it. Its name is its id. */
export function TextArea({ id, label, hint, fault, rows, value }: TextAreaView): Child {
  return (
    <div class={fault === null ? 'field' : 'field bad'}>
      <label for={id}>{label}</label>
      <textarea
        id={id}
        name={id}
        rows={rows}
        spellcheck={false}
        aria-invalid={fault === null ? undefined : 'true'}
        aria-describedby={`${fault === null ? '' : `${id}-error `}${id}-hint`}
      >
        {value}
      </textarea>
      {fault !== null && (
        <p class="error" id={`${id}-error`}>
          {fault}
        </p>
      )}
      <small id={`${id}-hint`}>{hint}</small>
    </div>
  );
}

interface ChoiceView {
  readonly type: 'checkbox' | 'radio';
  readonly name: string;
  readonly value: string;
  readonly isChosen: boolean;
  readonly isDisabled?: boolean;
  readonly isRequired?: boolean;
  /** True for the choice that makes those in `.picks` of the same form mean nothing. */
  readonly isAll?: boolean;
  readonly children: Child;
}

/** A tick, or one of several choices, with what it means beside it. */
export function Choice(choice: ChoiceView): Child {
  const { type, name, value, isChosen, isDisabled = false, isRequired = false, isAll = false, children } = choice;
  return (
    <label class="check">
      <input
        type={type}
        name={name}
        value={value}
        checked={isChosen}
        disabled={isDisabled}
        required={isRequired}
        data-all={isAll ? '' : undefined}
      />
      <span>{children}</span>
    </label>
  );
}

interface SelectView {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly options: readonly { readonly value: string; readonly text: string }[];
}

/** One of a list of values. Its name is its id. */
export function Select({ id, label, value, options }: SelectView): Child {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} name={id}>
        {options.map((option) => (
          <option value={option.value} selected={option.value === value}>
            {option.text}
          </option>
        ))}
      </select>
    </div>
  );
}
