/** The sign where a vertical border meets the rules at its left and right. */

/** @param left, right is there a rule on that side? null: the outside @param above does the border go on upwards between two columns? */
export function joint(left: boolean | null, right: boolean | null, above: boolean): string {
  if (left === null) return right === true ? '├' : '│';
  if (right === null) return left ? '┤' : '│';
  if (left && right) return above ? '┼' : '┬';
  return left ? '┤' : right ? '├' : '│';
}
