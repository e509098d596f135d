import { Fault } from '#engine';
import { fullLocale, ownLocale } from '../report/locale.ts';
import type { Report } from '../report/schema.ts';
import type { Scope, Writing } from '../report/template.ts';
import { showZone } from './date.ts';
import type { ComposeFacts } from './facts.ts';
import { loanOf } from './loan.ts';
import { writingIn } from './writing.ts';

/** What every text of a report may say, and how it writes numbers and dates. */
export interface TextScope {
  /** With region and digits: `hi-IN`, `mr-IN-u-nu-deva`. */
  readonly locale: string;
  readonly currency: string | undefined;
  readonly scope: Scope;
  readonly writing: Writing;
}

/**
 * `vars`, `period` {from, until}, `slot`, `timezone`, `timezone_name` (as people call it), `locale` (as the recipient, the edition or the report says it), `language`, `words` in
 * that language, and of a report with `for_each` `edition` {key, and its columns} and, with a schedule, `loan`.
 */
export function openScope(report: Report, facts: ComposeFacts): TextScope {
  const currency = report.currency ?? facts.vars['currency'];
  const said = facts.locale ?? ownLocale(report, facts.edition, currency);
  const locale = fullLocale(said, currency);
  const language = new Intl.Locale(locale).language;
  const words = report.words[language];
  if (words === undefined && Object.keys(report.words).length > 0) {
    const hint = `It has ${Object.keys(report.words).join(', ')}.`;
    throw new Fault('invalid', `there are no words in "${language}"`, { place: { file: report.path }, hint });
  }
  const edition = facts.edition && { ...facts.edition.fields, key: facts.edition.key };
  const loan = loanOf(report, facts.edition);
  return {
    locale,
    currency,
    scope: {
      vars: facts.vars,
      period: facts.period,
      slot: facts.slot,
      timezone: facts.timezone,
      timezone_name: showZone(facts.timezone, locale),
      locale: said,
      language,
      words: { ...report.sharedWords[language], ...words },
      ...(edition ? { edition } : {}),
      ...(loan ? { loan: loan.facts } : {}),
    },
    writing: writingIn(locale, currency),
  };
}
