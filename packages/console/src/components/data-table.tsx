import type { ReactNode } from 'react';

/** One column: its heading, and what stands in it for a row. */
export interface Column<Row> {
  heading: string;
  cell: (row: Row) => ReactNode;
  /** Figures are set to the right on wide screens. */
  numeric?: boolean;
  /** On narrow screens, where there are no headings, the value needs its name beside it. */
  named?: boolean;
}

interface DataTableProps<Row> {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row, index: number) => string;
}

/**
 * A table whose rows become short paragraphs on narrow screens. The roles are spelled out because a browser forgets
 * that a table is one when its display changes.
 */
export function DataTable<Row>({ label, columns, rows, rowKey }: DataTableProps<Row>) {
  return (
    // biome-ignore-start lint/a11y/noRedundantRoles: the narrow layout changes display, which drops native roles
    <table role="table" className="data-table" aria-label={label}>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map(column => (
            <th role="columnheader" key={column.heading} scope="col" data-numeric={column.numeric}>
              {column.heading}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row, index) => (
          <tr role="row" key={rowKey(row, index)}>
            {columns.map(column => (
              <td
                role="cell"
                key={column.heading}
                data-label={column.named ? column.heading : undefined}
                data-numeric={column.numeric}
              >
                {column.cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
    // biome-ignore-end lint/a11y/noRedundantRoles: as above
  );
}
