/** The servers in a square, and the quorums in it: some whole rows and some whole columns. */
import { type NodeId, type NodeInput, nodesWithRole } from '../../src/core/protocol.ts';

/** Row by row, each from left to right. */
export type Grid = readonly (readonly NodeId[])[];

/** The greatest square that the servers fill; whoever is left over stays out of it. */
export function gridOf(input: Pick<NodeInput, 'nodes'>): Grid {
  const servers = nodesWithRole(input, 'server');
  const side = sideOf(servers.length);
  return Array.from({ length: side }, (_, row) => servers.slice(row * side, (row + 1) * side));
}
export const sideOf = (servers: number): number => Math.floor(Math.sqrt(servers));

/** So many rows and columns make a quorum. */
export interface Shape {
  readonly rows: number;
  readonly columns: number;
}

const linesFrom = (first: number, count: number, side: number): Set<number> =>
  new Set(Array.from({ length: Math.min(count, side) }, (_, i) => (first + i) % side));

/** The quorum of the rows and the columns that begin there, and go on round the edge. */
export function quorumAt(grid: Grid, { rows, columns }: Shape, firstRow: number, firstColumn: number): NodeId[] {
  const inRows = linesFrom(firstRow, rows, grid.length);
  const inColumns = linesFrom(firstColumn, columns, grid.length);
  return grid.flatMap((line, row) => line.filter((_, column) => inRows.has(row) || inColumns.has(column)));
}

/** Is there a quorum all of whose servers are in `answered`? */
export function holdsQuorum(grid: Grid, { rows, columns }: Shape, answered: (id: NodeId) => boolean): boolean {
  const whole = (line: readonly (NodeId | undefined)[]): boolean =>
    line.every((id) => id !== undefined && answered(id));
  const wholeColumns = grid.filter((_, column) => whole(grid.map((line) => line[column])));
  return grid.filter(whole).length >= rows && wholeColumns.length >= columns;
}

/** How many servers a quorum has. */
export const quorumSize = (side: number, { rows, columns }: Shape): number => side * (rows + columns) - rows * columns;

/**
 * How many servers any two quorums have in common, at least. Rows of one cross columns of the other, and the other way
 * round; and where there are too few lines for two disjoint choices, whole lines are common.
 */
export function leastCommon(side: number, { rows, columns }: Shape): number {
  const commonRows = Math.max(0, 2 * rows - side);
  const commonColumns = Math.max(0, 2 * columns - side);
  const crossings = 2 * (rows - commonRows) * (columns - commonColumns);
  return side * (commonRows + commonColumns) - commonRows * commonColumns + crossings;
}

/**
 * How many liars the quorums mask: any two have 2f + 1 servers in common, so f + 1 that are honest; and whichever f servers
 * say nothing, enough whole rows and columns are left.
 */
export const liarsMasked = (side: number, shape: Shape): number =>
  Math.max(0, Math.min(Math.floor((leastCommon(side, shape) - 1) / 2), side - Math.max(shape.rows, shape.columns)));
