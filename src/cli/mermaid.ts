/** A protocol's statecharts as Mermaid `stateDiagram-v2`: one diagram a role, ready for a Markdown page. */
import type { Protocol } from '../core/protocol.ts';
import { type Statechart, type StateInfo, statechartOf, type TransitionInfo } from '../core/statechart.ts';
import { triggerText } from './protocol-text.ts';

export function mermaidText(protocol: Protocol): string {
  const roles = Object.entries(protocol.roles);
  // a page takes several diagrams, a single drawing tool only one: with one role, no fences
  if (roles.length === 1) return diagram(statechartOf((roles[0] as (typeof roles)[number])[1]));
  return roles
    .map(([role, machine]) => `## ${role}\n\n\`\`\`mermaid\n${diagram(statechartOf(machine))}\n\`\`\``)
    .join('\n\n');
}

/** Mermaid's identifiers are words; the label keeps the name. */
const idOf = (path: string): string => `s_${path.replaceAll(/[^A-Za-z0-9]/g, '_')}`;
/** A colon ends a label, a semicolon a statement, and `<` starts a tag. */
const label = (text: string): string => text.replaceAll(/[:;#<>"\n]/g, ' ');

function diagram(chart: Statechart): string {
  const lines = [
    'stateDiagram-v2',
    ...block(chart, null, 1),
    ...chart.transitions.flatMap(arrows).map((line) => `    ${line}`),
  ];
  return lines.join('\n');
}

/** The states below one, and theirs. */
function block(chart: Statechart, parent: string | null, depth: number): string[] {
  const children = chart.states.filter((state) => state.parent === parent);
  const isParallel = chart.states.find(({ path }) => path === parent)?.type === 'parallel';
  const indent = '    '.repeat(depth);
  return children.flatMap((state, i) => [
    ...(isParallel && i > 0 ? [`${indent}--`] : []),
    ...stateLines(chart, state, depth, indent),
    ...(state.initial ? [`${indent}[*] --> ${idOf(state.path)}`] : []),
    ...(state.type === 'final' ? [`${indent}${idOf(state.path)} --> [*]`] : []),
  ]);
}

function stateLines(chart: Statechart, { path, name, type }: StateInfo, depth: number, indent: string): string[] {
  const declared = `${indent}state "${label(name)}" as ${idOf(path)}`;
  if (type === 'atomic' || type === 'final') return [declared];
  return [`${declared} {`, ...block(chart, path, depth + 1), `${indent}}`];
}

function arrows(transition: TransitionInfo): string[] {
  const { from, to, actions } = transition;
  // what every state takes has no state of its own to start from
  if (from === '') return [];
  const words = label(`${triggerText(transition)}${actions.length === 0 ? '' : ` / ${actions.join(', ')}`}`);
  const targets = to.length === 0 ? [from] : to;
  return targets.map((target) => `${idOf(from)} --> ${idOf(target)}: ${words}`);
}
