import { didYouMean, type Problem } from '#engine';
import type { Report } from '../report/schema.ts';

/** The names that `deliver` entries and owners may use. */
export interface DeliverNames {
  readonly channels: readonly string[];
  readonly lists: readonly string[];
}

const channelsAt = 'project.yml under delivery.channels';

/**
 * Channels and lists that a report names and that the project does not have, each at its line. An owner who cannot be
 * told is a warning: it keeps nobody from their report.
 */
export function checkDeliver(report: Report, { channels, lists }: DeliverNames): Problem[] {
  const at = (path: readonly PropertyKey[]) => ({ file: report.path, ...report.placeOf?.(path) });
  const unknown = (what: 'channel' | 'list', name: string, known: readonly string[], where: string) => ({
    severity: 'error' as const,
    code: `unknown-${what}`,
    message: `there is no ${what} "${name}"`,
    hint: didYouMean(name, known) ?? `Declare it in ${where}.`,
  });
  const problems: Problem[] = [];
  for (const [index, { id, channel, to }] of report.deliver.entries()) {
    const say = (key: string, problem: Omit<Problem, 'file'>) =>
      problems.push({ ...at(['deliver', index, key]), ...problem, message: `deliver "${id}": ${problem.message}` });
    if (report.for_each && 'list' in to && to.editions !== 'all') {
      say('to', {
        severity: 'error',
        code: 'every-edition',
        message: 'a list does not say who gets which edition of for_each',
        hint: 'Use a query with the edition key, or write editions: all if everybody in the list is to get every edition.',
      });
    }
    for (const name of channel.filter((one) => !channels.includes(one))) {
      say('channel', unknown('channel', name, channels, channelsAt));
    }
    if ('list' in to && !lists.includes(to.list)) say('to', unknown('list', to.list, lists, 'the recipients file'));
  }
  for (const [index, owner] of report.owners.entries()) {
    const [channel = '', ...address] = owner.split(':');
    if (address.join(':').trim() === '') {
      const message = `the owner "${channel}" has no address`;
      const hint = 'Write channel:address, such as email:reports@example.com.';
      problems.push({ ...at(['owners', index]), severity: 'warning', code: 'owner-address', message, hint });
    } else if (!channels.includes(channel)) {
      const problem = unknown('channel', channel, channels, channelsAt);
      const message = `an owner cannot be told: ${problem.message}`;
      problems.push({ ...at(['owners', index]), ...problem, severity: 'warning', message });
    }
  }
  return problems;
}
