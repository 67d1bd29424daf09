/** The words beside an event: its way, clocks, the change of state, what was sent, written and decided, and remarks. */
import { enteredRegions, innermostStates } from '../../core/state-path.ts';
import type { Envelope, TraceEvent } from '../../core/world.ts';
import { counted, duration, safe, stamp, stamps, value } from '../format.ts';
import { padStart } from '../text.ts';
import { symbols } from '../theme.ts';
import type { Fact, Tone } from './elements.ts';
import type { Drawing } from './trace-index.ts';

const fact = (text: string, tone: Tone = 'plain'): Fact => ({ text, tone });

/** The most telling first. */
export function factsOf(drawing: Drawing, event: TraceEvent): Fact[] {
  const { node, before, after } = event;
  const entered = after === null || after === before ? '' : enteredRegions(before ?? '', after);
  const stateText = (path: string): string => `${safe(node ?? '')}: ${safe(path)}`;
  const state: Fact = { text: stateText(entered), short: stateText(innermostStates(entered)), tone: 'bold' };
  return [...arrivalFacts(drawing, event), ...(entered === '' ? [] : [state]), ...outcomeFacts(drawing, event)];
}

/** What came of it: remarks, what was reached, sent, written and delivered, and what a crash took. */
export function outcomeFacts(drawing: Drawing, event: TraceEvent): Fact[] {
  const facts: Fact[] = [];
  for (const note of event.notes) facts.push(fact(safe(note), note.startsWith('bound exceeded') ? 'alert' : 'warn'));
  for (const name of event.reached)
    facts.push(fact(`${symbols.reached} ${safe(name.slice(name.lastIndexOf('/') + 1))}`, 'good'));
  if (event.sends.length > 0) facts.push(fact(sendsText(event.sends)));
  for (const effect of event.effects) {
    if (effect.type === 'persist')
      facts.push(fact(`${symbols.stable} ${safe(effect.key)}=${value(effect.value)}`, 'accent'));
    else if (effect.type === 'deliver') facts.push(fact(`${symbols.delivered} ${value(effect.item)}`, 'good'));
    else if (effect.type === 'note') facts.push(fact(`“${safe(effect.text)}”`, 'dim'));
  }
  if (event.choice.type === 'traitor' && event.choice.targets !== undefined)
    facts.unshift(fact(`to ${event.choice.targets.map(safe).join(' ')}`, 'traitor'));
  const crash =
    event.choice.type === 'crash'
      ? drawing.world.nodes.find((node) => node.crash?.index === event.index)?.crash
      : undefined;
  if (crash)
    facts.push({
      text: `loses ${counted(Object.keys(crash.lost).length, 'field')}, keeps ${keptText(Object.keys(crash.kept))}`,
      short: `loses ${counted(Object.keys(crash.lost).length, 'field')}`,
      tone: 'warn',
    });
  return facts;
}

const keptText = (keys: readonly string[]): string => (keys.length === 0 ? 'nothing' : keys.map(safe).join(', '));

/** How long the message was on its way, its clocks, and what had passed it by. */
function arrivalFacts({ world, index }: Drawing, event: TraceEvent): Fact[] {
  const { message, choice } = event;
  if (message === null) {
    const early = choice.type === 'input' && choice.early === true ? [fact('early', 'warn')] : [];
    return choice.type === 'fire' || choice.type === 'input' ? [...early, fact(stamp(event.lamport), 'dim')] : [];
  }
  const lost = event.fates.some((fate) => fate.id === message.id && fate.place === 'dropped');
  if (lost) return [fact(`${message.id} lost: ${safe(message.to)} was down`, 'bad')];
  const wayMs = event.atMs - message.sentAtMs;
  const late = wayMs > latestMs(world.scenario);
  const facts = [
    late ? fact(`late ${duration(wayMs)}`, 'warn') : fact(padStart(duration(wayMs), 5), 'dim'),
    fact(stamps(message.lamport, event.lamport), 'dim'),
  ];
  const overtaking = index.overtakenBy.get(event.index);
  if (overtaking !== undefined) facts.push(fact(`overtaken by ${overtaking}`, 'warn'));
  if (message.was !== undefined) facts.unshift(fact('changed on its way', 'traitor'));
  if (message.copyOf !== undefined) facts.push(fact(`copy of ${message.copyOf}`, 'warn'));
  return facts;
}

/** What takes longer than this is late: the model's bound, or the most that the network itself takes. */
function latestMs({ boundMs, network }: Drawing['world']['scenario']): number {
  if (boundMs !== undefined) return boundMs;
  const greatest = [network.latency, ...(network.links ?? []).map((link) => link.latency ?? network.latency)].map(
    (latency) =>
      latency.kind === 'constant' ? latency.ms : latency.kind === 'uniform' ? latency.maxMs : Number.POSITIVE_INFINITY,
  );
  return Math.max(...greatest);
}

/** `sends prepare → P1 P2 P3`; different kinds one after the other. */
function sendsText(sends: readonly Envelope[]): string {
  const kinds = [...new Set(sends.map((message) => message.body.type))];
  const texts = kinds.map((kind) => {
    const to = sends.filter((message) => message.body.type === kind).map((message) => message.to);
    const shown = to.length > 6 ? `${to.length} nodes` : to.map(safe).join(' ');
    return `${safe(kind)} → ${shown}`;
  });
  return `sends ${texts.join(', ')}`;
}
