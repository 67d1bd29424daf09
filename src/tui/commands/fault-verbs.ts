/** Every fault by name: how it is typed, and what it becomes. */
import type { Behaviour } from '../../core/faults.ts';
import { sameJson } from '../../core/json.ts';
import type { Message } from '../../core/protocol.ts';
import type { Act } from '../../core/session.ts';
import { alternatives, behaviourHelp } from '../../core/traitor.ts';
import type { Envelope, World } from '../../core/world.ts';
import { fieldWords } from '../act-text.ts';
import { duration, link, messageText, safe } from '../format.ts';
import {
  durationIn,
  linkIn,
  Mistyped,
  readData,
  readDuration,
  readKind,
  readNode,
  readNodes,
  readTarget,
} from './read.ts';

export interface Option {
  readonly text: string;
  readonly about: string;
}
export interface FaultVerb {
  readonly name: string;
  readonly usage: string;
  readonly about: string;
  read(world: World, words: readonly string[]): Act;
  /** what may stand after these words */
  next(world: World, words: readonly string[]): readonly Option[];
}

const nodes = (world: World): Option[] =>
  world.nodes.map((node) => ({ text: safe(node.id), about: `${safe(node.role)}, ${node.status}` }));
const messages = (world: World): Option[] =>
  [...world.pending.values()].map((message) => ({
    text: String(message.id),
    about: `${link(message)} ${messageText(message.body)}`,
  }));
const kinds = (world: World): Option[] =>
  Object.entries(world.protocol.messages).map(([kind, about]) => ({
    text: safe(kind),
    about: safe(about.about ?? 'kind of message'),
  }));
const targets = (world: World, words: readonly string[]): Option[] => {
  if (words.length === 0)
    return [...messages(world), { text: '*->*', about: 'a rule for everything sent from now on; or C->P1' }];
  return /^\d+$/.test(words[0] ?? '') ? [] : kinds(world);
};
export const behaviourNames = Object.keys(behaviourHelp) as Behaviour[];
const none = (): readonly Option[] => [];
const first = (offer: (world: World) => Option[]) => (world: World, words: readonly string[]) =>
  words.length === 0 ? offer(world) : [];

const onNode = (type: 'restart' | 'pause' | 'resume' | 'honest', about: string): FaultVerb => ({
  name: type,
  usage: `${type} NODE`,
  about,
  read: (world, [node]) => ({ type, node: readNode(world, node) }),
  next: first(nodes),
});

const onTarget = (type: 'hold' | 'release' | 'drop' | 'duplicate', about: string): FaultVerb => ({
  name: type,
  usage: `${type} MESSAGE | FROM->TO [KIND] [xCOUNT]`,
  about,
  read: (world, words) => ({ type, ...readTarget(world, words) }),
  next: targets,
});

const onMessage = (name: string, type: 'deliver-now' | 'reorder', about: string): FaultVerb => ({
  name,
  usage: `${name} MESSAGE`,
  about,
  read(world, words) {
    const { message } = readTarget(world, words.slice(0, 1));
    if (message === undefined) throw new Mistyped(`name the message by its number, as in ${name} 31`);
    return { type, message };
  },
  next: first(messages),
});

const corrupt: FaultVerb = {
  name: 'corrupt',
  usage: 'corrupt MESSAGE field=value ...',
  about: 'it says something else when it arrives, and its sender has not lied: corrupt 31 vote=no',
  read(world, [word, ...fields]) {
    const { message } = readTarget(world, word === undefined ? [] : [word]);
    if (message === undefined) throw new Mistyped('name the message by its number, as in corrupt 31 vote=no');
    return { type: 'corrupt', message, values: readData(fields) };
  },
  next(world, words) {
    if (words.length === 0) return messages(world);
    const message = world.pending.get(Number(words[0]));
    return message === undefined ? [] : bentWords(world, message).map((text) => ({ text, about: 'instead' }));
  },
};

/** What might be said in the message's stead, field by field: the lies that a traitor would tell. */
function bentWords(world: World, { from, to, body }: Envelope): string[] {
  const sender = world.nodes[world.indexOf.get(from) ?? -1];
  if (sender === undefined) return [];
  const words = alternatives(world, sender, to, body).flatMap((lie) => changedFields(body, lie));
  // words of the command line are parted by blanks
  return [...new Set(words)].filter((word) => /^\S+$/.test(word)).slice(0, 40);
}

const changedFields = (honest: Message, lie: Message): string[] =>
  Object.entries(lie)
    .filter(([field, item]) => field !== 'type' && field !== 'signed' && !sameJson(item, honest[field]))
    .map(([field, item]) => fieldWords({ [field]: item }));

const crash: FaultVerb = {
  name: 'crash',
  usage: 'crash NODE [after SENDS]',
  about: 'stops it now; `after 1`: in the middle of its next broadcast, after one send',
  read(world, [node, after, sends]) {
    const id = readNode(world, node);
    if (after === undefined) return { type: 'crash', node: id };
    if (after !== 'after' || !/^[1-9]\d*$/.test(sends ?? '')) throw new Mistyped(`write crash ${safe(id)} after 1`);
    return { type: 'crash', node: id, afterSends: Number(sends) };
  },
  next: (world, words) =>
    words.length === 0 ? nodes(world) : words.length === 1 ? [{ text: 'after 1', about: 'after its next send' }] : [],
};

const skew: FaultVerb = {
  name: 'skew',
  usage: 'skew NODE [+100ms] [x1.1]',
  about: 'its clock jumps, or runs fast (x1.1) or slow (x0.9)',
  read(world, [node, ...words]) {
    const act: { offsetMs?: number; rate?: number } = {};
    for (const word of words) {
      if (/^x\d+(\.\d+)?$/.test(word)) act.rate = Number(word.slice(1));
      else act.offsetMs = readDuration(word, '+100ms or -1s, or a rate: x1.1');
    }
    if (words.length === 0) throw new Mistyped('say by how much: +100ms, -1s, x1.1');
    return { type: 'skew', node: readNode(world, node), ...act };
  },
  next: (world, words) =>
    words.length === 0
      ? nodes(world)
      : [
          { text: '+100ms', about: 'forward' },
          { text: 'x1.1', about: '10% fast' },
        ],
};

const partition: FaultVerb = {
  name: 'partition',
  usage: 'partition A,B | C,D [drop]',
  about: 'only nodes of one side talk to each other; nodes not named form a side of their own',
  read(world, words) {
    const drop = words.at(-1) === 'drop';
    const text = (drop ? words.slice(0, -1) : words).join(' ');
    const groups = text
      .split('|')
      .map((side) => readNodes(world, side))
      .filter((side) => side.length > 0);
    const named = groups.flat();
    const twice = named.find((id, i) => named.indexOf(id) !== i);
    if (twice !== undefined) throw new Mistyped(`${safe(twice)} cannot be on two sides`);
    const rest = world.ids.filter((id) => !named.includes(id));
    if (rest.length > 0) groups.push(rest);
    if (groups.length < 2) throw new Mistyped('a partition has two sides or more: partition A,B | C,D');
    return { type: 'partition', groups, ...(drop ? { drop } : {}) };
  },
  next: nodes,
};

const cut: FaultVerb = {
  name: 'cut',
  usage: 'cut FROM->TO [drop]',
  about: 'one direction of one link goes down',
  read(world, words) {
    const drop = words.at(-1) === 'drop';
    const [a, b] = drop ? words.slice(0, -1) : words;
    const ends = linkIn(world, a) ?? { from: readNode(world, a), to: readNode(world, b) };
    if (ends.from === undefined || ends.to === undefined)
      throw new Mistyped('a cut has one sender and one receiver: cut C->P1');
    if (ends.from === ends.to) throw new Mistyped('a node needs no link to itself: name two nodes');
    return { type: 'cut', from: ends.from, to: ends.to, ...(drop ? { drop } : {}) };
  },
  next: (world, words) => (words.length < 2 ? nodes(world) : []),
};

const delay: FaultVerb = {
  name: 'delay',
  usage: 'delay MESSAGE | FROM->TO [KIND] [xCOUNT] 200ms',
  about: 'makes one message, or everything sent from now on over a link, take longer',
  read(world, words) {
    const byMs = readDuration(words.length > 1 ? words.at(-1) : undefined, 'delay 31 200ms');
    return { type: 'delay', ...readTarget(world, words.slice(0, -1)), byMs };
  },
  next: (world, words) =>
    words.length === 0 ? targets(world, words) : [{ text: '200ms', about: 'by so much' }, ...targets(world, words)],
};

const traitor: FaultVerb = {
  name: 'traitor',
  usage: 'traitor NODE BEHAVIOUR [TARGETS] [KINDS] [200ms]',
  about: 'the node lies from now on, to all or to some: traitor L2 equivocate L1',
  read(world, [word, how, ...rest]) {
    const node = readNode(world, word);
    if (!behaviourNames.includes(how as Behaviour)) {
      throw new Mistyped(
        `${how === undefined ? 'say how it lies' : `${safe(how)} is no behaviour`}: ${behaviourNames.join(', ')}`,
      );
    }
    const aims: { targets?: string[]; kinds?: string[]; byMs?: number } = {};
    for (const aim of rest.flatMap((part) => part.split(',')).filter((part) => part !== '')) {
      const byMs = durationIn(aim);
      if (byMs !== null) aims.byMs = byMs;
      else if (world.indexOf.has(aim)) aims.targets = [...(aims.targets ?? []), aim];
      else aims.kinds = [...(aims.kinds ?? []), readKind(world, aim)];
    }
    return { type: 'traitor', node, behaviour: how as Behaviour, ...aims };
  },
  next(world, words) {
    if (words.length === 0) return nodes(world);
    if (words.length === 1) return behaviourNames.map((text) => ({ text, about: behaviourHelp[text] }));
    return [...nodes(world).filter((option) => option.text !== words[0]), ...kinds(world)];
  },
};

export const faultVerbs: readonly FaultVerb[] = [
  crash,
  onNode('restart', 'starts it anew, with its stable storage and nothing else'),
  onNode('pause', 'a slow process: it takes no steps, and nothing is lost'),
  onNode('resume', 'a paused node goes on'),
  skew,
  partition,
  cut,
  {
    name: 'heal',
    usage: 'heal',
    about: 'ends the partition, every cut and every rule',
    read: () => ({ type: 'heal' }),
    next: none,
  },
  delay,
  onTarget('hold', 'stops it on its way until released or healed'),
  onTarget('release', 'what was held goes on'),
  onTarget('drop', 'loses it'),
  onTarget('duplicate', 'makes it arrive twice'),
  onMessage('deliver', 'deliver-now', 'it arrives at once'),
  onMessage('reorder', 'reorder', 'it arrives after the next one on its link'),
  corrupt,
  traitor,
  onNode('honest', 'the traitor follows the protocol again'),
];

/** For the prompt of a message: its remaining time doubled, at least 100ms, as a first guess at a delay. */
export const delayGuess = (leftMs: number): string => duration(Math.max(100, Math.round(leftMs / 100) * 200));
