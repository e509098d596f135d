import { didYouMean, type Place, type PlaceOf, type Problem } from '#engine';
import { datasetsOf, parseExpression } from './expression.ts';
import type { Report } from './schema.ts';
import { checkTemplate, keysAsked } from './template.ts';

type Path = readonly PropertyKey[];

/** Whether a text of report.yml is the name of a file beside it rather than the text itself. */
export const isFileName = (text: string) => /^[\w.-]+\.(liquid|md|txt|sql)$/.test(text.trim());

/** The files that a name with `{{ ... }}` in it may stand for. */
function filesLike(text: string, files: readonly string[]): readonly string[] {
  const [head, tail, more] = text.trim().split(/\{\{.*?\}\}/);
  if (head === undefined || tail === undefined || more !== undefined || !/^\.(liquid|md|txt)$/.test(tail)) return [];
  return files.filter((name) => name.startsWith(head) && name.endsWith(tail));
}

/** What a report may name, each question asked at its place in report.yml; what is wrong is collected. */
export function openFindings(report: Report, placeOf: PlaceOf) {
  const problems: Problem[] = [];
  const files = Object.keys(report.texts);

  const say = (path: Path, code: string, message: string, hint?: string): void => {
    problems.push({ file: report.path, ...placeOf(path), severity: 'error', code, message, ...(hint ? { hint } : {}) });
  };
  const isOneOf = (path: Path, what: string, name: string, names: readonly string[]): void => {
    if (names.includes(name)) return;
    say(path, `unknown-${what.split(' ')[0]}`, `there is no ${what} "${name}"`, didYouMean(name, names));
  };
  const isDataset = (path: Path, name: string): void => isOneOf(path, 'dataset', name, Object.keys(report.datasets));
  const isRule = (path: Path, name: string | undefined): void => {
    if (name !== undefined) isOneOf(path, 'formatting rule', name, Object.keys(report.rules));
  };
  const isFile = (path: Path, name: string, ending: RegExp): void => {
    if (files.includes(name)) return;
    const near = files.filter((file) => ending.test(file));
    say(path, 'missing-file', `there is no file ${name} beside report.yml`, didYouMean(name, near));
  };
  const isFigure = (path: Path, text: string | undefined): void => {
    if (text === undefined) return;
    const parsed = parseExpression(text);
    if (!parsed.ok) say(path, 'expression', parsed.message, parsed.hint);
    else for (const name of datasetsOf(parsed.expression)) isDataset(path, name);
  };
  const words = new Set([report.words, report.sharedWords].flatMap((all) => Object.values(all).flatMap(Object.keys)));
  const inTemplate = (text: string, place: Place): readonly Problem[] => {
    const wrong = checkTemplate(text, place, report.layouts);
    if (wrong.length > 0) return wrong;
    return keysAsked(text, 'words', report.layouts).flatMap(({ key, line }): Problem[] => {
      if (words.has(key)) return [];
      const hint = didYouMean(key, words) ?? 'Words stand in reports/words.yml, and in words: of the report.';
      const at = { file: place.file, line: (place.line ?? 1) + line - 1 };
      return [{ ...at, severity: 'error', code: 'unknown-word', message: `there is no word "${key}"`, hint }];
    });
  };
  const isTemplate = (path: Path, text: string | undefined): void => {
    if (text === undefined) return;
    // `letter.{{ locale }}.md` names one file for each language: those that there are are checked.
    const several = filesLike(text, files);
    for (const name of several)
      problems.push(...inTemplate(report.texts[name] ?? '', { file: fileBeside(report, name) }));
    if (!isFileName(text)) {
      if (several.length === 0 && /\}\}\.(liquid|md|txt)$/.test(text.trim()))
        say(path, 'missing-file', `there is no file ${text} beside report.yml`);
      problems.push(...inTemplate(text, { file: report.path, ...placeOf(path) }));
      return;
    }
    isFile(path, text, /\.(liquid|md|txt)$/);
    const content = report.texts[text];
    if (content !== undefined) problems.push(...inTemplate(content, { file: fileBeside(report, text) }));
  };
  const lineOf = (path: Path): number => placeOf(path).line;
  return { problems, say, lineOf, isOneOf, isDataset, isRule, isFile, isFigure, isTemplate };
}

export type Findings = ReturnType<typeof openFindings>;

/** The path of a file beside report.yml, from the project's root. */
export const fileBeside = (report: Pick<Report, 'path'>, name: string) => report.path.replace(/[^/\\]+$/, name);
