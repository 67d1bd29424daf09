/** `havoc grade`: recordings that were handed in, executed anew, judged, and scored. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import {
  type Gradebook,
  type GradeFormat,
  gradebooks,
  gradeFormats,
  type Visibility,
  visibilities,
} from '../grade/formats/names.ts';
import type { Finish } from './main.ts';
import { count, nonEmpty, refuseForeign } from './options.ts';

export interface GradeOptions {
  readonly student?: string;
  readonly studentFrom?: RegExp;
  readonly salt?: string;
  readonly metadata?: string;
  readonly roster?: string;
  readonly format: GradeFormat;
  readonly json: boolean;
  readonly csv: Gradebook;
  readonly visibility: Visibility;
  readonly out?: string;
  readonly report?: string;
  readonly threads?: number;
}

const closing = `
A folder holds a folder for each student, named by the student; or files named STUDENT-CHALLENGE.jsonl. Whose a recording
is comes from there, from --student, --student-from or --metadata, and never from the file. Of several recordings of
one student for one challenge the best counts.

Exit codes, of several recordings the worst: 0 all goals met · 1 not met, over the budget, or not handed in · 2 no verdict
(cut off, another version, whose it is was not said) · 3 unreadable, edited, not reproduced, another's instance, or a
recording of something else.`;

export function gradeCommand(root: Command, finish: Finish): void {
  root
    .command('grade')
    .argument('<challenge or assignment>', 'a challenge (see `havoc list challenges`), its file, or an assignment')
    .argument('<recording...>', 'recordings, or folders of them')
    .description('execute recordings anew, judge and score them')
    .option('--student <id>', 'whose they are', nonEmpty)
    .option('--student-from <regexp>', 'finds the student in the path below the folder: its first group', pattern)
    .option('--salt <text>', "of everybody's instances, instead of the assignment's or the challenge's")
    .option('--metadata <file>', "Gradescope's submission_metadata.json: whose they are, by their address")
    .option('--roster <file>', 'for --format csv: the class list, as Canvas or Moodle exports it')
    .addOption(new Option('--format <format>', 'of the results').choices(gradeFormats).default('text'))
    .addOption(new Option('--json', 'the same as --format json').default(false).conflicts(['format']))
    .addOption(new Option('--csv <gradebook>', 'whose columns --format csv has').choices(gradebooks).default('canvas'))
    .addOption(new Option('--visibility <when>', 'for Gradescope').choices(visibilities).default('visible'))
    .option('--out <file>', 'write the results there', nonEmpty)
    .option('--report <file.html>', 'write a report on the class there, one page', nonEmpty)
    .option('--threads <n>', 'usually as many as there are cores', count)
    .addHelpText('after', closing)
    .action(async (target: string, recordings: readonly string[], options: GradeOptions, command: Command) => {
      refuseForeign(command, options.json ? 'json' : options.format, formatsOf);
      finish(await (await import('./grade-run.ts')).runGrade(target, recordings, options));
    });
}

/** which formats an option is for */
const formatsOf = { csv: ['csv'], roster: ['csv'], visibility: ['gradescope'] };

function pattern(text: string): RegExp {
  try {
    return new RegExp(text, 'u');
  } catch {
    throw new InvalidArgumentError('It must be a regular expression, such as ^([a-z]+)_.');
  }
}
