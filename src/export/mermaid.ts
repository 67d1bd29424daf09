/** The sequence diagram in the language of Mermaid, for a page that draws such diagrams. */
import type { Fate, TraceEvent } from '../core/world.ts';
import { actText } from '../tui/act-text.ts';
import { aheadText, lieWord, messageText, safe, value } from '../tui/format.ts';
import { type Extent, eventsWithin, type Subject } from './subject.ts';
import { headLines, verdictRows } from './words.ts';

/** More words than this make a label that nobody reads. */
const labelMost = 80;

/**
 * A label that is nothing but text: everything except letters, digits and a few signs becomes an entity code, so that it can
 * neither end the line nor begin a statement; nor does the word `end` stand there, which would close a block.
 */
export function mermaidLabel(text: string): string {
  const short = text.length > labelMost ? `${text.slice(0, labelMost)}…` : text;
  return short
    .replace(/[^\p{L}\p{N} _.,()=/+!-]/gu, (character) => `#${character.codePointAt(0)};`)
    .replace(/\b(e)(?=nd\b)/gi, (letter) => `#${letter.codePointAt(0)};`);
}

export function mermaidText(subject: Subject, extent: Extent): string {
  const { world } = subject;
  const places = extent.nodes ?? world.nodes.map(({ index }) => index);
  const [title, about] = headLines(subject);
  const diagram = new Diagram(subject, places);
  const lines = [
    ...places.map((place) => `participant n${place} as ${mermaidLabel(safe(world.ids[place] as string))}`),
    diagram.noteOverAll(`${title}: ${about}`),
    ...eventsWithin(subject, extent).flatMap((event) => diagram.linesOf(event)),
    ...verdictRows(subject)
      .filter(({ tone }) => tone === 'bad')
      .map(({ name, words }) => diagram.noteOverAll(`${name} ${words}`)),
  ];
  return ['sequenceDiagram', ...lines.map((line) => `    ${line}`), ''].join('\n');
}

class Diagram {
  readonly #subject: Subject;
  readonly #places: readonly number[];

  constructor(subject: Subject, places: readonly number[]) {
    this.#subject = subject;
    this.#places = places;
  }

  noteOverAll(words: string): string {
    const [first, last] = [this.#places[0], this.#places.at(-1)];
    return `Note over n${first}${first === last ? '' : `,n${last}`}: ${mermaidLabel(words)}`;
  }

  linesOf(event: TraceEvent): string[] {
    const { node, effects, violated } = event;
    const decided = effects.flatMap((effect) =>
      effect.type === 'decide' ? this.#note(node, `decides ${value(effect.value)}`) : [],
    );
    const broken = event.fates.filter(({ id }) => id !== event.message?.id).flatMap((fate) => this.#fate(fate));
    const alarms = violated.map((name) => this.noteOverAll(`violated: ${safe(name)}`));
    return [...this.#main(event), ...broken, ...decided, ...alarms];
  }

  #main(event: TraceEvent): string[] {
    const { choice, node, message } = event;
    switch (choice.type) {
      case 'start':
        return [];
      case 'deliver': {
        if (message === null) return [];
        const fate = event.fates.find(({ id }) => id === message.id);
        return fate === undefined ? this.#arrow(message, '->>', '') : this.#fate(fate);
      }
      case 'fire':
        return this.#note(node, `timer ${safe(choice.timer.split('@')[0] as string)}`);
      case 'input':
        return this.#note(node, `input ${safe(choice.input)} ${value(choice.data)}${aheadText(choice)}`);
      case 'fail':
        return this.#note(node, `fails: ${safe(choice.reason)}`);
      default:
        return node === null ? [this.noteOverAll(actText(choice))] : this.#note(node, actText(choice));
    }
  }

  #fate({ message, place }: Fate): string[] {
    if (place === 'dropped') return this.#arrow(message, '-x', ' (lost)');
    return place === 'held' ? this.#arrow(message, '--)', ' (held)') : [];
  }

  #arrow(message: Fate['message'], arrow: string, remark: string): string[] {
    const [from, to] = [this.#place(message.from), this.#place(message.to)];
    if (from === null || to === null) return [];
    const untrue = [message.was === undefined ? null : 'CHANGED', lieWord(message), messageText(message.body)];
    const words = untrue.filter((word) => word !== null).join(' ');
    return [`n${from}${arrow}n${to}: ${mermaidLabel(`${words}${remark}`)}`];
  }

  #note(node: string | null, words: string): string[] {
    const place = node === null ? null : this.#place(node);
    return place === null ? [] : [`Note over n${place}: ${mermaidLabel(words)}`];
  }

  #place(node: string): number | null {
    const place = this.#subject.world.indexOf.get(node) ?? -1;
    return this.#places.includes(place) ? place : null;
  }
}
