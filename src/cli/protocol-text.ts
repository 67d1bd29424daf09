/** The text of `show`: a protocol on a page or two. */

import { printableLines } from '../core/printable.ts';
import type { ParameterSpec } from '../core/protocol.ts';
import type { Statechart, StateInfo, TransitionInfo } from '../core/statechart.ts';
import { columns } from './output.ts';
import { kindText, type ProtocolDescription } from './protocol-description.ts';

/** Kinds of messages for which no lies are declared are bent a little: see `core/traitor.ts`. */
function lieRows({ lies, messages }: ProtocolDescription): string[][] {
  const declared = Object.entries(lies).map(([kind, fields]) => [
    kind,
    fields === null ? 'the whole message' : fields.length === 0 ? 'nothing' : fields.join(', '),
  ]);
  const isComplete = Object.keys(messages).every((kind) => Object.hasOwn(lies, kind));
  const others = [
    declared.length === 0 ? 'every message' : 'others',
    'one field a little: a number by one, a flag, a node, a text',
  ];
  return isComplete ? declared : [...declared, others];
}

export function protocolText(protocol: ProtocolDescription): string {
  const { id, title, source, problem, about, bound } = protocol;
  const head = [
    `${title} (${id})`,
    ...(source === '' ? [] : [source]),
    `solves ${problem}${bound === null ? '' : `; bound on ${bound.of}: ${bound.formula}`}`,
  ];
  const sections = [
    ...Object.entries(protocol.roles).map(([role, chart]) => [`role ${role}`, chartText(chart)]),
    [
      'messages',
      columns(Object.entries(protocol.messages).map(([name, kind]) => [kindText(name, kind), kind.about ?? ''])),
    ],
    [
      'inputs',
      columns(
        Object.entries(protocol.inputs).map(([name, kind]) => [
          kindText(name, kind),
          kind.roles?.join(', ') ?? 'any role',
          kind.about ?? '',
        ]),
      ),
    ],
    [
      'parameters',
      columns(
        Object.entries(protocol.parameters).map(([name, spec]) => [
          name,
          spec.kind,
          `default ${defaultText(spec)}`,
          spec.about ?? '',
        ]),
      ),
    ],
    [
      'properties',
      protocol.properties
        .map(({ name, kind, clauses }) =>
          [`${name} (${kind})`, ...Object.entries(clauses).map(([clause, words]) => `  ${clause}: ${words}`)].join(
            '\n',
          ),
        )
        .join('\n'),
    ],
    ['what a traitor bends', columns(lieRows(protocol))],
    ['published costs', columns(protocol.costs.map(({ name, formula, source: from }) => [name, formula, from]))],
    [
      'wrong on purpose',
      protocol.wrongVariants
        .map(({ parameters, breaks, about: words }) => `${JSON.stringify(parameters)} breaks ${breaks}: ${words}`)
        .join('\n'),
    ],
  ] as const;
  const body = sections.filter(([, text]) => text !== '').map(([name, text]) => `${name}\n${indented(text ?? '')}`);
  return printableLines([head.join('\n'), ...(about === '' ? [] : [about.trim()]), ...body].join('\n\n'));
}

const indented = (text: string): string => text.replaceAll(/^(?=.)/gm, '  ');
const defaultText = (spec: ParameterSpec): string => {
  if (spec.kind === 'per-node') return `${defaultText(spec.of)} for each ${spec.role ?? 'node'}`;
  const text = JSON.stringify(spec.default);
  return spec.kind === 'duration' ? `${text} ms` : text;
};

/** Every state, and below it what leads out of it. */
function chartText({ states, transitions }: Statechart): string {
  const of = (path: string): string[] =>
    transitions.filter(({ from }) => from === path).map((each) => `    ${transitionText(each)}`);
  const anywhere = of('');
  const lines = states.flatMap((state) => [stateText(state), ...of(state.path)]);
  return [...(anywhere.length === 0 ? [] : ['in every state', ...anywhere]), ...lines].join('\n');
}

function stateText({ path, type, initial, description, tags, entry, exit }: StateInfo): string {
  const marks = [
    initial ? 'initial' : '',
    type === 'final' ? 'final' : '',
    type === 'parallel' ? 'parallel' : '',
    ...tags,
  ].filter((mark) => mark !== '');
  const parts = [
    marks.length === 0 ? path : `${path} [${marks.join(', ')}]`,
    ...(entry.length === 0 ? [] : [`on entry: ${entry.join(', ')}`]),
    ...(exit.length === 0 ? [] : [`on exit: ${exit.join(', ')}`]),
    ...(description === '' ? [] : [description.replaceAll(/\s+/g, ' ').trim()]),
  ];
  return parts.join(' - ');
}

/** What takes a transition, in words: `yes`, `after voteTimeout`, `at once`. */
export function triggerText({ on, event, guard }: TransitionInfo): string {
  const words = { event, after: `after ${event}`, always: 'at once', done: 'when done' };
  return guard === null ? words[on] : `${words[on]} [${guard}]`;
}

function transitionText(transition: TransitionInfo): string {
  const { to, actions, reenter } = transition;
  const target = to.length === 0 ? (reenter ? ' → itself, anew' : '') : ` → ${to.join(' & ')}`;
  return `${triggerText(transition)}${target}${actions.length === 0 ? '' : `  / ${actions.join(', ')}`}`;
}
