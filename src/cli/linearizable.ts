/** `havoc linearizable`: judges an outside history against a model. */
import type { Command } from 'commander';
import { judgeHistory, type Linearizability, type Operation } from '../core/linearizability.ts';
import { models } from '../core/register-models.ts';
import { readHistory } from '../scenario/history-file.ts';
import { rightName } from '../scenario/nearest.ts';
import { value } from '../tui/format.ts';
import { exitCodes } from './exit-codes.ts';
import { UsageError } from './failures.ts';
import type { Finish } from './main.ts';
import { count } from './options.ts';
import { columns, print, printJson } from './output.ts';

const names = models.map(({ name }) => name);

export function linearizableCommand(root: Command, finish: Finish): void {
  root
    .command('linearizable')
    .argument('<history>', "a file: Jepsen's log, EDN maps, or JSON with process, type, f, key, value")
    .description('judge a history of operations: 0 linearizable, 1 not, 2 unknown at the limit')
    .requiredOption('--model <model>', names.join(', '))
    .option('--limit <n>', 'configurations tried before the verdict is unknown', count, 20_000_000)
    .option('--json', 'print one JSON object', false)
    .action((file: string, options: { model: string; limit: number; json: boolean }) => {
      const model = models.find(({ name }) => name === options.model);
      if (model === undefined)
        throw new UsageError(`there is no model ${options.model}; ${rightName(options.model, names)}`);
      const operations = readHistory(file, model);
      const judgement = judgeHistory(operations, model, { most: options.limit });
      if (options.json) printJson(jsonOf(judgement, file, model.name, operations.length));
      else print(textOf(judgement, operations.length));
      finish(exitCodeOf(judgement));
    });
}

const exitCodeOf = ({ verdict }: Linearizability): number =>
  ({ linearizable: exitCodes.success, 'not linearizable': exitCodes.notMet, unknown: exitCodes.unknown })[verdict];

function jsonOf(judgement: Linearizability, file: string, model: string, operations: number): unknown {
  const { verdict } = judgement;
  const head = { history: file, model, operations, verdict };
  if (verdict === 'linearizable') return head;
  if (verdict === 'unknown') return { ...head, key: judgement.key };
  return { ...head, key: judgement.key, prefix: { events: judgement.endsAt + 1, operations: judgement.offending } };
}

function textOf(judgement: Linearizability, operations: number): string {
  if (judgement.verdict === 'linearizable')
    return `linearizable: ${operations} operations, ${judgement.orders.size === 1 ? 'one object' : `${judgement.orders.size} objects`}`;
  const object = judgement.key === '' ? '' : ` of key ${value(judgement.key)}`;
  if (judgement.verdict === 'unknown')
    return `unknown: the limit was reached before the history${object} was explained`;
  return [
    `not linearizable: no order of the operations${object} explains the first ${judgement.endsAt + 1} events. The last of them, after those that any order must respect:`,
    columns(judgement.offending.slice(-12).map((operation) => row(operation, judgement.endsAt))),
  ].join('\n');
}

function row({ client, name, argument, result, invokedAt, returnedAt }: Operation, endsAt: number): readonly string[] {
  const asked = name === 'read' || name === 'get' ? name : `${name} ${value(argument)}`;
  const answer =
    returnedAt === null
      ? 'not returned yet'
      : name === 'cas'
        ? result === true
          ? 'done'
          : 'found something else'
        : name === 'read' || name === 'get'
          ? value(result)
          : 'done';
  return [
    `  client ${client}`,
    asked,
    `→ ${answer}`,
    `events ${invokedAt + 1} to ${returnedAt === null ? '…' : returnedAt + 1}`,
    returnedAt === endsAt ? '← cannot be explained' : '',
  ];
}
