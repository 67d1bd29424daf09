/** The verdicts, live; then what is wrong and who is blocked; then faults against the bound, and costs beside their formulas. */

import { blockedNodes } from '../../core/blocked.ts';
import { type PropertyReport, reportProperties } from '../../core/properties.ts';
import type { Cost, JsonObject, RoleName } from '../../core/protocol.ts';
import { toleranceOf } from '../../core/tolerance.ts';
import type { TraceIndex } from '../diagram/trace-index.ts';
import { clock, safe, shortName } from '../format.ts';
import { fit, flow, type Line, line, piece } from '../text.ts';
import { type Style, spell, symbols } from '../theme.ts';
import type { View } from '../view.ts';
import { mishapsOf } from './mishaps.ts';

function chip(report: PropertyReport): Line {
  const name = shortName(report.name);
  if (report.verdict === 'violated')
    return line(piece(`${symbols.violated} ${name}${report.at === null ? '' : ` #${report.at}`}`, 'bad'));
  if (report.kind === 'sometimes') {
    const reached = report.verdict === 'holds';
    return line(
      piece(
        `${reached ? symbols.reached : symbols.notReached} ${name}${reached ? '' : ': not reached'}`,
        reached ? 'good' : 'dim',
      ),
    );
  }
  if (report.verdict === 'unknown') return line(piece(`${symbols.unknown} ${name}: open`, 'dim'));
  return line(piece(symbols.holds, 'good'), ` ${name}`);
}

export function boundChip(view: View, index: TraceIndex): Line[] {
  const tolerance = toleranceOf(view.world);
  if (tolerance === null) return [];
  const { n, faulty, formula, greatest, isExceeded, liars, of } = tolerance;
  if (!isExceeded) {
    const text = spell(`n=${n}  ${of} f=${faulty}  bound f ≤ ${greatest} (${safe(formula)})`);
    return [line(piece(text, faulty === 0 ? undefined : 'warn'))];
  }
  const { exceeded } = index;
  const since =
    exceeded === null || exceeded.index >= view.world.events ? '' : ` at #${exceeded.index} ${clock(exceeded.atMs)}`;
  const excess =
    liars > 0
      ? `traitors f=${liars} (stands ${of === 'crashes' ? 'crashes only' : 'none in this role'})`
      : `${of} f=${faulty} > ${greatest} (${safe(formula)})`;
  return [line(piece(`n=${n}  ${excess}: BOUND EXCEEDED${since}`, 'alert'))];
}

/** The formula as it applies here, and its value, in parentheses; nothing where none applies. */
export function published(cost: Cost, roles: Readonly<Record<RoleName, number>>, parameters: JsonObject): string {
  const expected = cost.expected(roles, parameters);
  const short = safe(cost.caseOf?.(roles, parameters) ?? cost.formula.split(/[,;:]/)[0] ?? cost.formula);
  if (short === '') return '';
  return expected === null || short === String(expected) ? ` (${short})` : ` (${short} = ${expected})`;
}

export function costChips(view: View): Line[] {
  const { world } = view;
  const roles: Record<string, number> = {};
  for (const node of world.nodes) roles[node.role] = (roles[node.role] ?? 0) + 1;
  const costs = (world.protocol.costs ?? []).map((cost) => {
    const formula = published(cost, roles, world.scenario.parameters);
    return line(piece(`${safe(cost.name)} `, 'dim'), String(cost.measured(world.costs)), piece(formula, 'dim'));
  });
  const { messages, dropped, stableWrites } = world.costs;
  const chips = costs.length > 0 ? costs : [line(piece('messages ', 'dim'), String(messages))];
  if (costs.length === 0 && stableWrites > 0) chips.push(line(piece('stable writes ', 'dim'), String(stableWrites)));
  if (dropped > 0) chips.push(line(piece(`dropped ${dropped}`, 'warn')));
  if (world.forgeries > 0) chips.push(line(piece(`forgeries rejected ${world.forgeries}`, 'traitor')));
  return chips;
}

/** Of many nodes the first few, and how many more there are. */
const namesText = (ids: readonly string[]): string =>
  ids.length <= 8 ? ids.join(' ') : `${ids.slice(0, 6).join(' ')} and ${ids.length - 6} more`;

/** Those that wait for the same nodes since the same moment share a line. */
function blockedLines(view: View): Line[] {
  const groups = new Map<string, string[]>();
  for (const { node, waitsFor, sinceMs } of blockedNodes(view.world)) {
    const waits = waitsFor.length === 0 ? '' : `, waiting for ${namesText(waitsFor.map(safe))}`;
    const why = ` since ${clock(sinceMs)}${waits}`;
    groups.set(why, [...(groups.get(why) ?? []), safe(node)]);
  }
  return [...groups].map(([why, ids]) => line(piece(`${symbols.paused} ${namesText(ids)} blocked`, 'bad'), why));
}

/** One line for each violation, then for those that are blocked, then for broken assumptions. */
function troubles(view: View, reports: readonly PropertyReport[]): Line[] {
  const lines: Line[] = [];
  for (const report of reports.filter((each) => each.verdict === 'violated')) {
    const where = report.at === null ? '' : ` at #${report.at}`;
    const clause = report.clause === null ? '' : `, ${safe(report.clause)}`;
    lines.push(
      line(piece(`${symbols.violated} ${shortName(report.name)}${clause}${where}: `, 'bad'), safe(report.why)),
    );
  }
  lines.push(...blockedLines(view));
  for (const broken of view.world.assumptions)
    lines.push(line(piece(`! #${broken.index} `, 'warn'), safe(broken.what)));
  for (const { what, event } of mishapsOf(view).slice(-2))
    lines.push(line(piece(`! ${event === null ? '' : `#${event} `}${safe(what)}`, 'bad')));
  return lines;
}

export function propertyLines(view: View, index: TraceIndex, room: number, rows: number): Line[] {
  const quiet = view.live && view.session.quiet;
  const reports = reportProperties(view.world, quiet);
  const rank = (report: PropertyReport): number =>
    report.verdict === 'violated' ? 0 : report.kind === 'sometimes' ? 2 : 1;
  const verdicts = flow([...reports].sort((a, b) => rank(a) - rank(b)).map(chip), room - 2, 3);
  const figures = flow([...boundChip(view, index), ...costChips(view)], room - 2, 3);
  const wrong = troubles(view, reports);
  // every kind keeps a line; what is wrong comes before more verdicts, and those before more figures
  const forWrong = Math.min(wrong.length, Math.max(1, rows - 2));
  const forVerdicts = Math.min(verdicts.length, Math.max(1, rows - forWrong - 1));
  const lines = [...verdicts.slice(0, forVerdicts), ...wrong.slice(0, forWrong), ...figures].slice(0, rows);
  if (wrong.length > forWrong && forWrong > 0)
    lines[forVerdicts + forWrong - 1] = line(
      wrong[forWrong - 1] as Line,
      piece(`  and ${wrong.length - forWrong} more`, 'warn' as Style),
    );
  while (lines.length < rows) lines.push([]);
  return lines.map((each) => fit(line(' ', each), room));
}
