/**
 * Group membership and virtual synchrony (Birman and Joseph 1987). Members go from view to view: numbered lists of who is in.
 * Whoever gets from one view to the next has seen the same lists and, in each view, the same messages: those of a member
 * that died have reached all survivors or none.
 */
import { sameJson } from '../json.ts';
import type { Failure, Json, NodeId, NodeView, Property, View } from '../protocol.ts';
import { isLive } from './decisions.ts';

export interface GroupView {
  readonly number: number;
  readonly members: readonly NodeId[];
}
export interface GroupMessage {
  /** no other message has it */
  readonly id: string;
  readonly from: NodeId;
}

export interface MembershipReading {
  members(view: View): readonly NodeView[];
  /** the view in a delivered item; null: it is a message */
  view(item: Json): GroupView | null;
  message(item: Json): GroupMessage;
  /** it knows that it is in no view any more */
  isOut(node: NodeView): boolean;
}

/** What a node has seen: its views, and between two of them the messages of the first. */
interface Seen {
  readonly node: NodeView;
  readonly views: readonly (GroupView & { readonly messages: readonly GroupMessage[] })[];
}

export function membership(reading: MembershipReading): Property[] {
  /** a node that came back is another member: what it saw before is its own affair */
  const seenBy = (view: View): Seen[] =>
    reading
      .members(view)
      .filter(({ honest }) => honest)
      .map((node) => ({ node, views: viewsOf(reading, node.delivered) }));
  const deliveries = { reads: ['deliveries'] } as const;
  return [
    {
      ...deliveries,
      name: 'membership/view-agreement',
      kind: 'always',
      clauses: {
        agreement: 'Whoever gets into a view of some number gets into the same one.',
        self: 'And is in it.',
        order: 'Views come in order, none is left out.',
      },
      test: (view) => agreement(seenBy(view)),
    },
    {
      ...deliveries,
      name: 'membership/majority',
      kind: 'always',
      clauses: { majority: 'A view has a majority of the one before it: a minority cannot form one.' },
      test: (view) => majority(seenBy(view)),
    },
    {
      ...deliveries,
      name: 'membership/view-changed',
      kind: 'sometimes',
      clauses: { reached: 'Two members get into a second view.' },
      test: (view) => seenBy(view).filter(({ views }) => views.length > 1).length > 1,
    },
    {
      ...deliveries,
      name: 'membership/virtual-synchrony',
      kind: 'always',
      clauses: { same: 'Of a view, all who get into the next one have delivered the same messages.' },
      test: (view) => sameMessages(seenBy(view)),
    },
    {
      ...deliveries,
      name: 'membership/integrity',
      kind: 'always',
      clauses: {
        once: 'A message is delivered at most once, and in one view only, whoever delivers it.',
        member: 'Its sender is a member of that view.',
      },
      test: (view) => integrity(seenBy(view)),
    },
    {
      ...deliveries,
      name: 'membership/rescued',
      kind: 'sometimes',
      clauses: { reached: 'A message of a member that did not get on is delivered by all who did.' },
      test: (view) => isRescued(seenBy(view)),
    },
    {
      name: 'membership/settled',
      kind: 'eventually',
      clauses: { settled: 'All running members that were not put out are in one view, and nobody in it is down.' },
      test: (view) => settled(reading, view),
    },
  ];
}

function viewsOf(reading: MembershipReading, delivered: readonly Json[]): Seen['views'] {
  const views: (GroupView & { messages: GroupMessage[] })[] = [];
  for (const item of delivered) {
    const view = reading.view(item);
    if (view !== null) views.push({ ...view, messages: [] });
    else views.at(-1)?.messages.push(reading.message(item));
  }
  return views;
}

function agreement(seen: readonly Seen[]): true | Failure {
  const first = new Map<number, { id: NodeId; members: readonly NodeId[] }>();
  for (const { node, views } of seen) {
    for (const [i, { number, members }] of views.entries()) {
      const known = first.get(number) ?? { id: node.id, members };
      first.set(number, known);
      if (!sameJson(known.members, members)) {
        const why = `view ${number} of ${known.id} is ${known.members.join(' ')}, of ${node.id} ${members.join(' ')}`;
        return { clause: 'agreement', nodes: [known.id, node.id], why };
      }
      if (!members.includes(node.id))
        return { clause: 'self', nodes: [node.id], why: `${node.id} is not in its own view ${number}` };
      const before = views[i - 1];
      if (before !== undefined && before.number + 1 !== number && !node.everCrashed)
        return { clause: 'order', nodes: [node.id], why: `${node.id} went from view ${before.number} to ${number}` };
    }
  }
  return true;
}

function majority(seen: readonly Seen[]): true | Failure {
  const all = seen.flatMap(({ views }) => views);
  for (const { number, members } of all) {
    for (const before of all.filter((each) => each.number === number - 1)) {
      const common = before.members.filter((id) => members.includes(id)).length;
      if (2 * common > before.members.length) continue;
      const why = `view ${number} has ${common} of the ${before.members.length} members of view ${number - 1}`;
      return { clause: 'majority', nodes: members, why };
    }
  }
  return true;
}

const idsOf = (messages: readonly GroupMessage[]): string[] => messages.map(({ id }) => id).sort();

function sameMessages(seen: readonly Seen[]): true | Failure {
  const first = new Map<string, { node: NodeId; ids: string[] }>();
  for (const { node, views } of seen) {
    for (const [i, { number, messages }] of views.entries()) {
      const next = views[i + 1];
      if (next === undefined || next.number !== number + 1) continue;
      const known = first.get(`${number}`) ?? { node: node.id, ids: idsOf(messages) };
      first.set(`${number}`, known);
      const ids = idsOf(messages);
      if (sameJson(ids, known.ids)) continue;
      const odd = [...ids, ...known.ids].find((id) => !ids.includes(id) || !known.ids.includes(id));
      const [has, lacks] = ids.includes(odd as string) ? [node.id, known.node] : [known.node, node.id];
      const why = `in view ${number} ${has} delivered ${odd}, and ${lacks} did not, and both went on`;
      return { clause: 'same', nodes: [has, lacks], why };
    }
  }
  return true;
}

function integrity(seen: readonly Seen[]): true | Failure {
  const viewOf = new Map<string, number>();
  for (const { node, views } of seen) {
    const here = new Set<string>();
    for (const { number, members, messages } of views) {
      for (const { id, from } of messages) {
        if (here.has(id) || (viewOf.get(id) ?? number) !== number)
          return { clause: 'once', nodes: [node.id], why: `${node.id} delivered ${id} again, or in another view` };
        here.add(id);
        viewOf.set(id, number);
        if (!members.includes(from))
          return { clause: 'member', nodes: [node.id], why: `${node.id} delivered ${id} of ${from}, who is not in it` };
      }
    }
  }
  return true;
}

const isRescued = (seen: readonly Seen[]): boolean =>
  seen.some(({ views }) =>
    views.some(({ messages }, i) =>
      messages.some(({ from }) => views[i + 1] !== undefined && !views[i + 1]?.members.includes(from)),
    ),
  );

function settled(reading: MembershipReading, view: View): true | Failure {
  const running = reading.members(view).filter((node) => node.honest && isLive(node) && !reading.isOut(node));
  const last = running.map((node) => ({ node, now: viewsOf(reading, node.delivered).at(-1) ?? null }));
  const odd = last.find(({ now }) => now === null || !sameJson(now.members, last[0]?.now?.members ?? null));
  const nodes = [running[0]?.id ?? '', odd?.node.id ?? ''];
  if (odd !== undefined) return { clause: 'settled', nodes, why: `${nodes.join(' and ')} are in different views` };
  const dead = (last[0]?.now?.members ?? []).find((id) => !isLive(view.node(id)));
  return dead === undefined || { clause: 'settled', nodes: [dead], why: `${dead} is down, and still in the view` };
}
