import type { Child } from 'hono/jsx';

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
