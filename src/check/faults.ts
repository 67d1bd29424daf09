/** The faults that the budget still has, each at whom and at what it can strike in this state. */
import type { Local } from './locals.ts';
import type { Letter } from './messages.ts';
import type { Successor } from './successor.ts';

export function expandFaults(s: Successor): void {
  const { layout } = s;
  const mayCrash = s.left('crash');
  const mayRestart = s.left('restart');
  if (mayCrash || mayRestart) {
    for (let node = 0; node < layout.nodes; node++) {
      const local = s.local(node);
      if (mayCrash && local.status === 'up' && local.honest) crash(s, node, local);
      if (mayRestart && local.status !== 'up') restart(s, node, local);
    }
  }
  drops(s);
  if (layout.partition >= 0) partitions(s);
}

function crash(s: Successor, node: number, local: Local): void {
  const { local: after, sends } = s.steps.crashed(node, local);
  s.copy(-1);
  s.next[node] = after;
  s.use('crash');
  s.flag();
  s.doing.kind = 'crash';
  s.doing.node = node;
  s.emit(s.send(s.length, sends));
}

function restart(s: Successor, node: number, local: Local): void {
  for (const outcome of s.steps.begin(node, local.number)) {
    // a node does not crash in the middle of its restart: no recording could name that
    if (outcome.crashAfter > 0) continue;
    s.doing.kind = 'restart';
    s.after(node, outcome, -1, false);
  }
}

function drops(s: Successor): void {
  const { loses, budget } = s.model;
  const { all } = s.steps.letters;
  const mayDrop = s.left('drop');
  if (!mayDrop && !loses.includes(true)) return;
  const counted = budget.drop > 0;
  let nth = 0;
  for (let at = s.layout.network; at < s.length; at++) {
    const letter = all[s.from[at] as number] as Letter;
    nth = sameBefore(s, at);
    if (nth > 0 && s.model.network !== 'fifo') continue;
    if (letter.from === letter.to) continue;
    const free = loses[letter.link] as boolean;
    if (!free && !(counted && mayDrop)) continue;
    s.doing.kind = 'drop';
    s.doing.nth = nth;
    s.lose(at, !free);
  }
}

/** How many messages before this one say the same on the same link. */
function sameBefore(s: Successor, at: number): number {
  let count = 0;
  for (let i = s.layout.network; i < at; i++) if (s.from[i] === s.from[at]) count += 1;
  return count;
}

function partitions(s: Successor): void {
  const { partition: place } = s.layout;
  const { partitions } = s.model;
  const present = s.from[place] as number;
  if (s.left('partition')) {
    for (const [i, partition] of partitions.entries()) {
      if (i + 1 === present) continue;
      s.copy(-1);
      s.next[place] = i + 1;
      s.use('partition');
      s.doing.kind = 'partition';
      s.doing.partition = i;
      s.emit(s.cutNetwork(partition));
    }
  }
  if (present === 0) return;
  s.copy(-1);
  s.next[place] = 0;
  s.doing.kind = 'heal';
  s.emit(s.length);
}
