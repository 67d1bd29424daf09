/** The parts of the documentation that are made from the code: keys, faults, lies, and the reference of protocols. */
import { faultHelp } from '../core/faults.ts';
import { printableLines } from '../core/printable.ts';
import type { Protocol } from '../core/protocol.ts';
import { behaviourHelp } from '../core/traitor.ts';
import type { PresetInfo } from '../scenario/load.ts';
import { bindings, usualKeymap } from '../tui/keymap.ts';
import { nameOf } from '../tui/keys/binding.ts';
import { rebindable } from '../tui/rebind.ts';
import { describeProtocol } from './protocol-description.ts';
import { protocolText } from './protocol-text.ts';

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ');
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows.map((row) => row.map(cell))].map((row) => `| ${row.join(' | ')} |`).join('\n');

/** Every key by topic, as the help on the screen lists them. */
export function keysMarkdown(): string {
  const topics = [...new Set(bindings.map(({ topic }) => topic))];
  return topics
    .map((topic) => {
      const own = bindings.filter((binding) => binding.topic === topic);
      const rows = own.map(({ shown, command, about }) => [
        `\`${shown}\``,
        command === '' ? '' : `\`${command}\``,
        about,
      ]);
      return `**${topic}**\n\n${table(['key', 'by name', 'does'], rows)}`;
    })
    .join('\n\n');
}

/** By what names settings give keys to what keys do. */
export const namesMarkdown = (): string =>
  table(
    ['name', 'key', 'does'],
    usualKeymap.bindings
      .filter((binding) => rebindable.includes(nameOf(binding)))
      .map((binding) => [`\`${nameOf(binding)}\``, `\`${binding.shown}\``, binding.about]),
  );

export const faultsMarkdown = (): string =>
  table(
    ['`do:`', 'what it does', 'messages already on their way', 'fields'],
    Object.entries(faultHelp).map(([name, { about, inFlight, fields }]) => [
      `\`${name}\``,
      about,
      inFlight,
      Object.keys(fields)
        .map((field) => `\`${field}\``)
        .join(', '),
    ]),
  );

export const liesMarkdown = (): string =>
  table(
    ['`behaviour:`', 'the traitor'],
    Object.entries(behaviourHelp).map(([name, about]) => [`\`${name}\``, about]),
  );

/** docs/protocols.md: every protocol as `havoc show` prints it, its picture, and the presets that play it. */
export function protocolsMarkdown(protocols: readonly Protocol[], presets: readonly PresetInfo[]): string {
  const sections = protocols.map((protocol) => {
    const played = presets.filter((preset) => preset.protocol === protocol.id);
    const rows = played.map(({ id, summary }) => [`\`${id}\``, summary]);
    const presetTable = rows.length === 0 ? '' : `\n\nPresets:\n\n${table(['preset', 'what happens'], rows)}`;
    return `## ${protocol.title}\n\n\`\`\`text\n${protocolText(describeProtocol(protocol))}\n\`\`\`${presetTable}`;
  });
  const head =
    '# The protocols\n\nMade from the code by `npm run docs`; a test checks that it is current. The same text on the terminal: `havoc show <protocol>`.';
  return `${printableLines([head, ...sections].join('\n\n'))}\n`;
}

/** The text between `<!-- name -->` and `<!-- /name -->` replaced. */
export function withBlock(document: string, name: string, body: string): string {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const start = document.indexOf(open);
  const end = document.indexOf(close);
  if (start < 0 || end < start) throw new Error(`the document has no block ${open} ... ${close}`);
  return `${document.slice(0, start + open.length)}\n${body}\n${document.slice(end)}`;
}
