import type { Child } from 'hono/jsx';
import type { Role } from '../../core/rights.ts';
import type { Language } from '../language.ts';
import { roleTexts } from '../pages/role-texts.ts';

interface RoleChoiceView {
  readonly language: Language;
  readonly legend: string;
  readonly roles: readonly Role[];
  readonly chosen: Role | null;
  /** Why the choice was refused. null: it was not. */
  readonly fault: string | null;
}

/** The choice of a role in a form, each with what it can do. */
export function RoleChoice({ language, legend, roles, chosen, fault }: RoleChoiceView): Child {
  return (
    <fieldset class={fault === null ? undefined : 'bad'}>
      <legend>{legend}</legend>
      {fault !== null && (
        <p class="error" id="role-error">
          {fault}
        </p>
      )}
      {roles.map((role) => (
        <label class="check">
          <input
            type="radio"
            name="role"
            value={role}
            required
            checked={role === chosen}
            aria-describedby={fault === null ? undefined : 'role-error'}
          />
          <span>
            {roleTexts[language][role].name}
            <small>{roleTexts[language][role].can}</small>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
