/**
 * The specification of Paxos of the TLA+ examples (L. Lamport; `PaxosHowToWinATuringAward`, `MCPaxosTiny`: three
 * acceptors, two values, ballots 0 and 1). Published: 3,921 states, 23,563 generated, depth 17.
 */
import type { JsonObject } from '../../../src/core/protocol.ts';
import type { Specification } from './one-machine.ts';

/** What an acceptor has voted for, and in which ballot; -1: it has not. */
type Vote = readonly [ballot: number, value: string];
interface Paxos extends JsonObject {
  /** of each acceptor: the highest ballot it has heard of, and its last vote */
  readonly heard: number[];
  readonly votes: [number, string][];
  /** of each ballot: was it begun, what acceptors have said at its beginning, what its leader proposes */
  readonly begun: boolean[];
  readonly said: ([number, string] | null)[][];
  readonly proposed: (string | null)[];
  /** every vote that was ever cast: `acceptor ballot value` */
  readonly cast: string[];
}

const acceptors = [0, 1, 2];
const ballots = [0, 1];
const values = ['v', 'w'];
const majorities = [
  [0, 1],
  [0, 2],
  [1, 2],
];
const put = <T>(list: readonly T[], at: number, value: T): T[] => list.map((each, i) => (i === at ? value : each));

/** May the leader propose this, by what this majority has said? `witness`: whose vote says so; null: nobody has voted. */
function isSafe(
  said: readonly (Vote | null)[],
  majority: readonly number[],
  value: string,
  witness: number | null,
): boolean {
  const theirs = majority.map((acceptor) => said[acceptor] ?? null);
  if (theirs.includes(null)) return false;
  const highest = Math.max(...theirs.map((vote) => (vote as Vote)[0]));
  if (witness === null) return highest < 0;
  const [ballot, voted] = said[witness] as Vote;
  return ballot >= 0 && ballot === highest && voted === value;
}

export const paxosSpecification: Specification<Paxos> = {
  id: 'tla-paxos',
  initial: {
    heard: [-1, -1, -1],
    votes: [
      [-1, ''],
      [-1, ''],
      [-1, ''],
    ],
    begun: [false, false],
    said: ballots.map(() => [null, null, null]),
    proposed: [null, null],
    cast: [],
  },
  actions: {
    begin: ({ begun }, { ballot }) => ({ begun: put(begun, ballot as number, true) }),
    hear: ({ begun, heard, said, votes }, choice) => {
      const [acceptor, ballot] = [choice.acceptor as number, choice.ballot as number];
      if (!begun[ballot] || (heard[acceptor] as number) >= ballot) return null;
      const answers = put(said[ballot] ?? [], acceptor, votes[acceptor] ?? null);
      return { heard: put(heard, acceptor, ballot), said: put(said, ballot, answers) };
    },
    propose: ({ proposed, said }, choice) => {
      const ballot = choice.ballot as number;
      const value = choice.value as string;
      const mayPropose = isSafe(
        said[ballot] ?? [],
        choice.majority as number[],
        value,
        choice.witness as number | null,
      );
      return proposed[ballot] === null && mayPropose ? { proposed: put(proposed, ballot, value) } : null;
    },
    vote: ({ proposed, heard, votes, cast }, choice) => {
      const [acceptor, ballot] = [choice.acceptor as number, choice.ballot as number];
      const value = proposed[ballot] ?? null;
      if (value === null || (heard[acceptor] as number) > ballot) return null;
      return {
        heard: put(heard, acceptor, ballot),
        votes: put(votes, acceptor, [ballot, value] as [number, string]),
        cast: [...new Set([...cast, `${acceptor} ${ballot} ${value}`])].sort(),
      };
    },
  },
  choices: {
    begin: ballots.map((ballot) => ({ ballot })),
    hear: ballots.flatMap((ballot) => acceptors.map((acceptor) => ({ acceptor, ballot }))),
    vote: ballots.flatMap((ballot) => acceptors.map((acceptor) => ({ acceptor, ballot }))),
    propose: ballots.flatMap((ballot) =>
      values.flatMap((value) =>
        majorities.flatMap((majority) => [null, ...majority].map((witness) => ({ ballot, value, majority, witness }))),
      ),
    ),
  },
};
