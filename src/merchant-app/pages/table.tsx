import type { Child } from 'hono/jsx';

interface Column {
  readonly text: string;
  /** Where a cell stands on the card that a row is on a phone: the classes of app.css. */
  readonly kind: string;
  /** True: the name of the column is read out by screen readers, and not seen. */
  readonly isHidden?: boolean;
}

interface TableView {
  readonly caption: string;
  readonly columns: readonly Column[];
  /** The rows. */
  readonly children: Child;
}

/** A table, whose rows are cards on a phone. The roles stay, because styles take them away. */
export function Table({ caption, columns, children }: TableView): Child {
  return (
    <table role="table">
      <caption class="vh">{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map(({ text, kind, isHidden = false }) => (
            <th role="columnheader" scope="col" class={kind}>
              {isHidden ? <span class="vh">{text}</span> : text}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">{children}</tbody>
    </table>
  );
}

/** A row of such a table. */
export function Row({ children }: { children: Child }): Child {
  return <tr role="row">{children}</tr>;
}

interface CellView {
  readonly kind: string;
  /** What stands before the cell on a phone. */
  readonly label?: string;
  readonly children: Child;
}

/** A cell of such a table. */
export function Cell({ kind, label, children }: CellView): Child {
  return (
    <td role="cell" class={kind} data-l={label}>
      {children}
    </td>
  );
}

interface ListCardView {
  readonly title: string;
  readonly intro: string;
  /** What stands beside the title, such as a button. */
  readonly action?: Child;
  readonly children: Child;
}

/** A list on a card, with its title. */
export function ListCard({ title, intro, action, children }: ListCardView): Child {
  return (
    <section class="card flush">
      <div class="head">
        <div>
          <h2>{title}</h2>
          <p class="soft">{intro}</p>
        </div>
        {action}
      </div>
      {children}
    </section>
  );
}
