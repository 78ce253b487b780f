import type { PaymentLink } from '../../db/payment-links.ts';
import type { Language } from '../language.ts';
import type { ShellView } from '../pages/shell.tsx';
import type { LinkFaults, LinkField } from './check-form.ts';
import type { LinkValues } from './form-values.ts';

/** What the form of a link shows. */
export interface FormView {
  readonly shell: ShellView;
  /** The link that is changed. null: a new one is made. */
  readonly link: PaymentLink | null;
  readonly values: LinkValues;
  readonly faults: LinkFaults;
  /** The random id of the form of a new link, so that it makes one link however often it is sent. */
  readonly form: string;
}

/** A part of the form. */
export interface FormPart {
  readonly view: FormView;
  readonly language: Language;
  /** What is wrong with a field. null: nothing is. */
  readonly faultOf: (field: LinkField) => string | null;
}
