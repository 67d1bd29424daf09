/** A question and its possible answers, in the place of the diagram while it is open. */
import { complete } from '../commands/commands.ts';
import type { Option } from '../commands/fault-verbs.ts';
import { safe } from '../format.ts';
import { spotted } from '../spots.ts';
import type { Prompt } from '../store.ts';
import { cut, fit, type Line, line, pad, piece, restyle, width, wrap } from '../text.ts';
import { keyWords, symbols } from '../theme.ts';
import type { View } from '../view.ts';

export function promptTitle(prompt: Prompt): string {
  if (prompt.kind === 'line') return keyWords('command · Tab completes · ↑ earlier ones · Enter does it · Esc leaves');
  return prompt.kind === 'sides' ? 'partition: who is on which side?' : prompt.title;
}

/** A window of the options that has the chosen one in it. */
function optionLines(
  options: readonly Option[],
  chosen: number,
  marked: ReadonlySet<string> | null,
  room: number,
  rows: number,
): Line[] {
  const wide = Math.min(
    24,
    options.reduce((most, option) => Math.max(most, width(safe(option.text))), 4),
  );
  const isWhole = options.length <= rows;
  const visible = isWhole ? rows : Math.max(1, rows - 1);
  const top = Math.max(0, Math.min(chosen - Math.floor(visible / 2), options.length - visible));
  const lines = options.slice(top, top + visible).map((option, i) => {
    const at = top + i === chosen;
    const mark = marked === null ? '' : marked.has(option.text) ? `${symbols.mark} ` : `${symbols.free} `;
    const text = line(
      piece(at ? ` ${symbols.cursor} ` : '   ', 'accent'),
      piece(mark),
      piece(pad(safe(option.text), wide), 'bold'),
      '  ',
      piece(cut(safe(option.about), Math.max(0, room - wide - 8)), 'dim'),
    );
    return spotted(at ? restyle(fit(text, room), 'selected') : text, { kind: 'choice', index: top + i });
  });
  return isWhole ? lines : [...lines, beyond(top, options.length - top - visible)];
}

/** How many there are out of sight, on either side. */
const beyond = (above: number, below: number): Line => {
  const words = [above === 0 ? '' : `${symbols.up} ${above} more`, below === 0 ? '' : `${symbols.down} ${below} more`];
  return line(piece(`   ${words.filter((each) => each !== '').join('   ')}`, 'warn'));
};

/** Under the options: what the chosen one does, in full. */
function chosenInFull(options: readonly Option[], chosen: number, room: number): Line[] {
  const about = safe(options[chosen]?.about ?? '');
  return wrap(about, Math.min(room - 6, 100))
    .slice(0, 3)
    .map((text) => line(piece(`   ${text}`, 'accent')));
}

function pickLines(prompt: Extract<Prompt, { kind: 'pick' }>, room: number, rows: number): Line[] {
  const { options, index, marked } = prompt;
  const below = chosenInFull(options, index, room);
  const visible = Math.max(1, Math.min(options.length, rows - below.length));
  return [
    ...optionLines(options, index, marked, room, visible),
    ...(rows > visible + below.length ? [[]] : []),
    ...below,
  ];
}

function sidesLines(view: View, prompt: Extract<Prompt, { kind: 'sides' }>, room: number, rows: number): Line[] {
  const { world } = view;
  const sides = [...new Set(prompt.sides)].sort((a, b) => a - b);
  const groups = sides.map((side) =>
    world.ids
      .filter((_, i) => prompt.sides[i] === side)
      .map(safe)
      .join(','),
  );
  const wide = Math.min(
    14,
    world.ids.reduce((most, id) => Math.max(most, width(safe(id))), 1),
  );
  const visible = Math.max(1, rows - 2);
  const top = Math.max(0, Math.min(prompt.index - Math.floor(visible / 2), world.nodes.length - visible));
  const list = world.nodes.slice(top, top + visible).map((node, i) => {
    const side = prompt.sides[top + i] as number;
    const at = top + i === prompt.index;
    const text = line(
      piece(at ? ` ${symbols.cursor} ` : '   ', 'accent'),
      piece(pad(safe(node.id), wide), 'bold'),
      '  ',
      ' '.repeat(Math.min(8, side) * 6),
      `side ${side + 1}`,
    );
    const shown = at ? restyle(fit(text, Math.min(room, wide + 70)), 'selected') : text;
    return spotted(shown, { kind: 'choice', index: top + i });
  });
  const typed = groups.length < 2 ? 'all on one side: no partition yet' : `:partition ${groups.join(' | ')}`;
  return [...list, [], line('   ', piece(typed, groups.length < 2 ? 'warn' : 'accent'))];
}

export function promptLines(view: View, prompt: Prompt, room: number, rows: number): Line[] {
  let lines: Line[];
  if (prompt.kind === 'sides') lines = sidesLines(view, prompt, room, rows);
  else if (prompt.kind === 'pick') lines = pickLines(prompt, room, rows);
  else {
    const { options, usage } = complete(prompt.stem ?? prompt.text, view);
    const head = usage === null ? [] : [line(piece(`   ${usage}`, 'accent'))];
    const below = prompt.choice < 0 ? [] : chosenInFull(options, prompt.choice, room);
    const visible = Math.max(1, rows - head.length - below.length);
    lines = [...head, ...optionLines(options, prompt.choice, null, room, visible), ...below];
  }
  const shown = lines.slice(0, rows).map((each) => fit(each, room));
  while (shown.length < rows) shown.push(fit([], room));
  return shown;
}
