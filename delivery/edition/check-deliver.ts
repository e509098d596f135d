import { didYouMean, type Problem } from '#engine';
import type { Report } from '../report/schema.ts';

/** The names that `deliver` entries may use. */
export interface DeliverNames {
  readonly channels: readonly string[];
  readonly lists: readonly string[];
}

/** Channels and lists that a report sends to and that the project does not have. */
export function checkDeliver(report: Report, names: DeliverNames): Problem[] {
  const { channels, lists } = names;
  const unknown = (entry: string, what: string, name: string, known: readonly string[], where: string): Problem => {
    const near = didYouMean(name, known);
    return {
      file: report.path,
      severity: 'error',
      code: `unknown-${what}`,
      message: `deliver "${entry}": there is no ${what} "${name}"`,
      hint: near ?? `Declare it in ${where}.`,
    };
  };
  const toEverybody = (entry: string): Problem => ({
    file: report.path,
    severity: 'error',
    code: 'every-edition',
    message: `deliver "${entry}": a list does not say who gets which edition of for_each`,
    hint: 'Use a query with the edition key, or write editions: all if everybody in the list is to get every edition.',
  });
  return report.deliver.flatMap(({ id, channel, to }) => [
    ...(report.for_each && 'list' in to && to.editions !== 'all' ? [toEverybody(id)] : []),
    ...channel
      .filter((name) => !channels.includes(name))
      .map((name) => unknown(id, 'channel', name, channels, 'project.yml under delivery.channels')),
    ...('list' in to && !lists.includes(to.list) ? [unknown(id, 'list', to.list, lists, 'the recipients file')] : []),
  ]);
}
