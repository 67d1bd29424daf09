/** From the window's size to the panes' rectangles. Pure: the same size gives the same stage. */
import type { Pane } from './store.ts';

export const columnsMin = 60;
export const rowsMin = 20;

export interface Stage {
  readonly width: number;
  readonly height: number;
  /** interior widths, borders not counted; 0: not shown */
  readonly nodes: number;
  readonly queue: number;
  /** rows inside the upper panes, the diagram and the properties; 0: not shown, with its title */
  readonly upper: number;
  readonly lower: number;
  readonly properties: number;
}

/** Rows that hold no content: the header, the titles of three panes, and the footer in the bottom border. */
const chrome = 5;

/** @param focus the pane with the keys; @param zoomed it stands alone */
export function stageOf(columns: number, rows: number, nodeCount: number, focus: Pane | null, zoomed: boolean): Stage {
  const inner = columns - 2;
  const properties = rows < 30 ? 3 : rows < 40 ? 4 : 5;
  const base = { width: columns, height: rows, properties };
  if (zoomed && focus === 'properties')
    return { ...base, nodes: 0, queue: 0, upper: 0, lower: 0, properties: rows - 3 };
  if (zoomed && focus === 'diagram')
    return { ...base, nodes: 0, queue: 0, upper: 0, lower: rows - chrome + 1 - properties };
  if (zoomed) {
    const upper = rows - chrome + 1 - properties;
    return { ...base, nodes: focus === 'nodes' ? inner : 0, queue: focus === 'queue' ? inner : 0, upper, lower: 0 };
  }
  const content = rows - chrome - properties;
  const wish = Math.max(6, nodeCount * 4 + 1);
  const upper = Math.max(5, Math.min(Math.floor(content * 0.42), wish));
  // both upper panes share one border less than two boxes of their own would need
  const queue = Math.max(columns < 76 ? 25 : 30, Math.min(76, Math.floor((inner - 2) * 0.44)));
  // being gone through, the properties have more to say, and the diagram gives way
  const more = focus === 'properties' ? Math.min(8, Math.floor((content - upper) * 0.4)) : 0;
  const lower = content - upper - more;
  return { ...base, nodes: inner - 2 - queue, queue, upper, lower, properties: properties + more };
}
