/**
 * Votes, and who has seen them. A vote is signed by its voter; a witness message is signed by the witness, and shows the
 * signed messages that he has seen. So every vote in it comes with the signatures of all through whose hands it went.
 */
import type { Json, JsonObject, Message, NodeId } from '../../src/core/protocol.ts';

/** What somebody signed: any node can pass it on, and no other node could have made it. */
export interface Signed extends JsonObject {
  readonly signer: NodeId;
  readonly statement: JsonObject;
  readonly signature: string;
}
export interface Vote {
  readonly voter: NodeId;
  readonly value: Json;
  /** the voter first, then the witnesses in order */
  readonly signers: readonly NodeId[];
}
/** For each general, the different votes that he is known to have signed. */
export type Votes = Readonly<Record<NodeId, readonly Json[]>>;

export const choices: readonly Json[] = ['attack', 'wait'];

const asSigned = (value: Json | undefined): Signed | null => {
  const signed = value as Signed | null | undefined;
  return typeof signed?.signer === 'string' && typeof signed.statement === 'object' ? signed : null;
};
const seenIn = ({ seen }: JsonObject): readonly Json[] => (Array.isArray(seen) ? seen : []);

/** Every vote that this signed message shows, however deep. The world has verified the signatures. */
export function votesIn(message: Json | undefined): Vote[] {
  const signed = asSigned(message);
  if (signed === null) return [];
  const { signer, statement } = signed;
  if (statement.type === 'vote') return [{ voter: signer, value: statement.value ?? null, signers: [signer] }];
  if (statement.type !== 'witness') return [];
  return seenIn(statement)
    .flatMap(votesIn)
    .map((vote) => ({ ...vote, signers: [...vote.signers, signer] }));
}

export const withVote = (votes: Votes, { voter, value }: Vote): Votes => ({
  ...votes,
  [voter]: [...(votes[voter] ?? []), value],
});

/** Those who voted more than once: their votes do not count. */
export const doubleVoters = (votes: Votes): NodeId[] => Object.keys(votes).filter((node) => votes[node]?.length !== 1);

export const countOf = (votes: Votes, value: Json): number =>
  Object.values(votes).filter((cast) => cast.length === 1 && cast[0] === value).length;

export function majority(votes: Votes, tie: Json): Json {
  const [attack, wait] = choices.map((choice) => countOf(votes, choice)) as [number, number];
  if (attack === wait) return tie;
  return attack > wait ? 'attack' : 'wait';
}

/**
 * The choice that will win whatever the remaining traitors still do; null while that is open. A general whose vote is
 * missing is a traitor, and may yet turn up with either vote. Of those whose one vote is known, as many may be traitors
 * as remain; each of them can still be shown to have voted twice. Nothing else can change.
 */
export function certainChoice(votes: Votes, generals: number, f: number, tie: Json): Json {
  const missing = generals - Object.keys(votes).length;
  const hidden = Math.max(0, f - doubleVoters(votes).length - missing);
  for (const choice of choices) {
    const other = choices.find((each) => each !== choice) as Json;
    const [least, most] = [countOf(votes, choice) - hidden, countOf(votes, other) + missing];
    if (least > most || (least === most && choice === tie)) return choice;
  }
  return null;
}

const opposite = (value: Json | undefined): Json => (value === 'attack' ? 'wait' : 'attack');

/** A traitor may vote as he likes, also twice. As a witness he can only forge, or keep things to himself. */
export function liesAboutVote(vote: Message): Message[] {
  return [{ ...vote, value: opposite(vote.value) }];
}
export function liesAboutWitness(witness: Message): Message[] {
  const seen = seenIn(witness);
  const forgeries = seen.flatMap((each, i) => {
    const signed = asSigned(each);
    if (signed?.statement.type !== 'vote') return [];
    const statement = { ...signed.statement, value: opposite(signed.statement.value) };
    return [{ ...witness, seen: seen.with(i, { ...signed, statement }) }];
  });
  return [...forgeries, ...seen.map((_, i) => ({ ...witness, seen: seen.toSpliced(i, 1) }))];
}
