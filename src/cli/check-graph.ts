/** `check --graph`: the space of a small model as JSON, or in Graphviz's language when the file's name ends in `.dot`. */
import type { Letter } from '../check/messages.ts';
import type { Manner, Move } from '../check/moves.ts';
import type { Space } from '../check/space.ts';
import { type GraphEdge, type GraphState, graphEdges, graphStates } from '../check/state-graph.ts';
import type { Word } from '../core/faults.ts';
import type { LoadedScenario } from '../scenario/load.ts';
import { fields, messageText, safe, value } from '../tui/format.ts';
import { writeWhole } from './write-whole.ts';

/** Nobody draws more, and nobody wants to load more. */
export const graphStatesMax = 20_000;

export function writeGraph({ scenario }: LoadedScenario, space: Space, file: string): void {
  const states = graphStates(space);
  const edges = [...graphEdges(space)];
  const doing = (edge: GraphEdge): string => moveText(edge.move, space);
  writeWhole(file, file.endsWith('.dot') ? dotText(space, states, edges, doing) : jsonText());

  function jsonText(): string {
    const head = {
      format: 'havoc-state-graph',
      version: 1,
      scenario: scenario.name,
      protocol: scenario.protocol,
      network: space.transitions.model.network,
      initial: Array.from({ length: space.roots }, (_, state) => state),
    };
    const rows = edges.map((edge) => ({ from: edge.from, to: edge.to, fault: edge.isFault, does: doing(edge) }));
    const lines = (items: readonly object[]): string =>
      `[\n${items.map((item) => JSON.stringify(item)).join(',\n')}\n]`;
    return `${JSON.stringify(head).slice(0, -1)},\n"states":${lines(states)},\n"edges":${lines(rows)}}\n`;
  }
}

const quoted = (lines: readonly string[]): string =>
  `"${lines.map((text) => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')).join('\\n')}"`;

function dotText(
  space: Space,
  states: readonly GraphState[],
  edges: readonly GraphEdge[],
  doing: (edge: GraphEdge) => string,
): string {
  const leads = new Set(edges.filter(({ from, to }) => from !== to).map(({ from }) => from));
  const nodes = states.map(({ id, nodes, inFlight, valence, more }) => {
    const label = [
      `${id}`,
      ...Object.entries(nodes).map(([name, { state, status, decisions }]) => {
        const decided = decisions.map((decision) => ` decided ${value(decision)}`).join('');
        return `${safe(name)} ${safe(status === 'up' ? state : status)}${decided}`;
      }),
      ...inFlight.map(({ from, to, message }) => `${safe(from)}→${safe(to)} ${messageText(message)}`),
      ...(valence === null ? [] : [`may decide: ${valence.map(value).join(', ') || 'nothing'}`]),
    ];
    const shape = more ? ', style=dashed' : leads.has(id) ? '' : ', peripheries=2';
    return `  ${id} [label=${quoted(label)}${id < space.roots ? ', penwidth=3' : shape}];`;
  });
  const arrows = edges.map(
    (edge) =>
      `  ${edge.from} -> ${edge.to} [label=${quoted([doing(edge)])}${edge.isFault ? ', color=red, style=dashed' : ''}];`,
  );
  return `digraph havoc {\n  node [shape=box, fontname=monospace];\n${[...nodes, ...arrows].join('\n')}\n}\n`;
}

/** Time goes on while traitors have messages on their way. */
export const lateText = 'time goes on, and what traitors have sent is late';

/** `P1 gets prepare t1 from C`, `C: timer voteTimeout`, `C crashes` */
function moveText(move: Move, space: Space): string {
  return move.timeGoesOn ? `${eventText(move, space)}; ${lateText}` : eventText(move, space);
}

function eventText(move: Move, { transitions }: Space): string {
  const { model, steps } = transitions;
  const id = (node: number): string => safe(model.ids[node] as string);
  const what = (letter: number): string => messageText((steps.letters.all[letter] as Letter).body);
  switch (move.kind) {
    case 'start':
      return `${id(move.node)} starts${mannerText(move.manner)}`;
    case 'deliver': {
      const { from, to } = steps.letters.all[move.letter] as Letter;
      const copy = move.keep ? ', and a copy stays on its way' : '';
      return `${id(to)} gets ${what(move.letter)} from ${id(from)}${copy}${mannerText(move.manner)}`;
    }
    case 'fire':
      return `${id(move.node)}: timer ${safe(move.timer)}${mannerText(move.manner)}`;
    case 'input': {
      const { node, input, data } = move.input;
      const asked = Object.keys(data).length === 0 ? '' : ` {${fields(data)}}`;
      return `${safe(node)}: input ${safe(input)}${asked}${mannerText(move.manner)}`;
    }
    case 'crash':
      return `${id(move.node)} crashes`;
    case 'restart':
      return `${id(move.node)} restarts${mannerText(move.manner)}`;
    case 'drop': {
      const { from, to } = steps.letters.all[move.letter] as Letter;
      return `${what(move.letter)} from ${id(from)} to ${id(to)} is lost`;
    }
    case 'partition':
      return `partition ${move.partition.fault.groups.map((group) => group.map(safe).join(',')).join(' | ')}`;
    case 'heal':
      return 'the partition heals';
  }
}

function mannerText({ crashAfter, says }: Manner): string {
  if (crashAfter > 0) return `, and crashes after ${crashAfter} ${crashAfter === 1 ? 'send' : 'sends'}`;
  return says === null || says.length === 0 ? '' : `, saying ${says.map(wordText).join(', ')}`;
}

const wordText = (word: Word): string => (typeof word === 'string' ? word : messageText(word));
