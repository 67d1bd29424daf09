/** The challenges that there are, by topic and then by difficulty. Their answers are not told. */
import { type Challenge, difficulties } from '../core/challenge.ts';
import { listPresets, loadScenario } from './load.ts';

export interface ChallengeInfo {
  readonly id: string;
  readonly topic: string;
  readonly difficulty: NonNullable<Challenge['difficulty']>;
  readonly points: number;
  readonly protocol: string;
  readonly title: string;
  readonly summary: string;
  readonly budget: Challenge['budget'];
  /** everybody has a seed of their own */
  readonly perStudent: boolean;
  readonly pair: string | null;
}

export async function listChallenges(): Promise<ChallengeInfo[]> {
  const presets = listPresets().filter(({ challenge }) => challenge);
  const infos = await Promise.all(presets.map(({ id }) => challengeInfo(id)));
  const rank = ({ difficulty }: ChallengeInfo): number => difficulties.indexOf(difficulty);
  return infos.sort((a, b) => compareText(a.topic, b.topic) || rank(a) - rank(b) || compareText(a.id, b.id));
}

const compareText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

async function challengeInfo(id: string): Promise<ChallengeInfo> {
  const { scenario } = await loadScenario(id);
  const { difficulty = 'medium', points, budget, instance, pair = null } = scenario.challenge as Challenge;
  const { topic, protocol, title, summary } = scenario;
  const perStudent = instance === 'per-student';
  return { id, topic, difficulty, points, protocol, title, summary, budget, perStudent, pair };
}
