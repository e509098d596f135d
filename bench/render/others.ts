import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { fontPath } from '../../delivery/render/fonts.ts';
import type { LetterWords } from './letters.ts';

/** What a tool took; CPU with all its processes, in milliseconds a letter. `skipped` says why there is no figure. */
export type Took =
  | { readonly kind: 'took'; readonly perSecond: number; readonly cpu?: number; readonly note?: string }
  | { readonly kind: 'skipped'; readonly why: string };

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const fonts = fontPath('Noto Sans Devanagari', 'regular');

/** The letter as plain HTML: what a tool that sets HTML likes best. */
export function htmlOf({ head, pages, table }: LetterWords): string {
  const paragraphs = (texts: readonly string[] = []) => texts.map((text) => `<p>${escaped(text)}</p>`).join('\n');
  const row = (cells: readonly string[], tag: string) =>
    `<tr>${cells.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join('')}</tr>`;
  return `<!doctype html><html lang="hi"><meta charset="utf-8"><style>
@font-face { font-family: letter; src: url(file://${fonts}) }
@page { size: A4; margin: 14mm }
body { font: 8.5pt letter; margin: 0 } table { width: 100%; border-collapse: collapse } td, th { text-align: right; padding: 1pt 3pt }
h2 { break-before: page }
</style>${paragraphs(head)}${paragraphs(pages[0])}
<h2>${escaped(table.title)}</h2><table><thead>${row(table.header, 'th')}</thead>${table.rows.map((cells) => row(cells, 'td')).join('')}</table>
<h2>${escaped(pages[1]?.[0] ?? '')}</h2>${paragraphs(pages[1]?.slice(1))}</html>`;
}

/** WeasyPrint in one process with one font configuration, as a service would keep it. */
export function weasyprint(folder: string, letters: readonly LetterWords[]): Took {
  // Debian's own Python has it, whatever other stands before it.
  const python = ['/usr/bin/python3', 'python3'].find(
    (one) => spawnSync(one, ['-c', 'import weasyprint']).status === 0,
  );
  if (python === undefined)
    return { kind: 'skipped', why: 'WeasyPrint is not installed (Debian: apt-get install weasyprint)' };
  write(folder, letters);
  const script = `
import glob, resource, time
from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration
fonts = FontConfiguration()
files = sorted(glob.glob('*.html'))
HTML(files[0]).write_pdf('warm.pdf', font_config=fonts)
used = lambda: sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
began, cpu = time.time(), used()
for file in files: HTML(file).write_pdf('weasy.pdf', font_config=fonts)
print(time.time() - began, used() - cpu)`;
  const words = execFileSync(python, ['-c', script], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [wall = 0, cpu = 0] = words.trim().split(' ').map(Number);
  return { kind: 'took', perSecond: letters.length / wall, cpu: (cpu * 1000) / letters.length };
}

/** wkhtmltopdf, a process a letter: it has no other way. The shell tells what its processes took. */
export function wkhtmltopdf(folder: string, letters: readonly LetterWords[]): Took {
  if (spawnSync('wkhtmltopdf', ['--version']).status !== 0)
    return { kind: 'skipped', why: 'wkhtmltopdf is not installed (Debian: apt-get install wkhtmltopdf)' };
  const files = write(folder, letters);
  const script = 'for file; do wkhtmltopdf --quiet --enable-local-file-access "$file" wk.pdf; done; times';
  const began = performance.now();
  const { stdout } = spawnSync('bash', ['-c', script, 'bash', ...files], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C', QT_QPA_PLATFORM: 'offscreen', XDG_RUNTIME_DIR: folder },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const wall = (performance.now() - began) / 1000;
  // Its second line is of the processes it waited for: user and system time, each as 1m2.345s.
  const times = [...(stdout.trim().split('\n').at(-1) ?? '').matchAll(/(\d+)m([\d.]+)s/g)];
  const cpu = times.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0);
  return { kind: 'took', perSecond: letters.length / wall, cpu: (cpu * 1000) / letters.length };
}

/** Chromium's print, one browser and one page for all. */
export async function chromiumPrint(letters: readonly LetterWords[]): Promise<Took> {
  const browser = await chromium
    .launch({ executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium' })
    .catch(() => undefined);
  if (browser === undefined) return { kind: 'skipped', why: 'there is no Chromium' };
  try {
    const page = await browser.newPage();
    const print = async (letter: LetterWords) => {
      await page.setContent(htmlOf(letter), { waitUntil: 'load' });
      await page.pdf({ preferCSSPageSize: true });
    };
    for (const letter of letters.slice(0, 1)) await print(letter);
    const began = performance.now();
    for (const letter of letters) await print(letter);
    return { kind: 'took', perSecond: letters.length / ((performance.now() - began) / 1000) };
  } finally {
    await browser.close();
  }
}

interface Typst {
  readonly NodeCompiler: {
    create(options: { readonly fontArgs: readonly { readonly fontPaths: readonly string[] }[] }): {
      pdf(source: { readonly mainFileContent: string }): Uint8Array;
      evictCache(age: number): void;
    };
  };
}

/** typst by its compiler for Node, one for all letters, its cache emptied of what ten letters did not use. */
export function typst(folder: string, letters: readonly LetterWords[]): Took {
  const name = '@myriaddreamin/typst-ts-node-compiler';
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{}');
  const installed = spawnSync('npm', ['install', '--no-save', '--silent', `${name}@0.7.0`], { cwd: folder });
  if (installed.status !== 0) return { kind: 'skipped', why: `${name} cannot be installed here` };
  const { NodeCompiler } = createRequire(join(folder, 'package.json'))(name) as Typst;
  const paths = (['Noto Sans', 'Noto Sans Devanagari'] as const).flatMap((family) => [
    fontPath(family, 'regular'),
    fontPath(family, 'semibold'),
  ]);
  const compiler = NodeCompiler.create({ fontArgs: [{ fontPaths: paths.map((path) => join(path, '..')) }] });
  const draw = (letter: LetterWords) => {
    const bytes = compiler.pdf({ mainFileContent: typstOf(letter) });
    compiler.evictCache(10);
    return bytes;
  };
  for (const letter of letters.slice(0, 5)) writeFileSync(join(folder, 'typst.pdf'), draw(letter));
  const [began, used] = [performance.now(), process.cpuUsage()];
  for (const letter of letters) draw(letter);
  const { user, system } = process.cpuUsage(used);
  return {
    kind: 'took',
    perSecond: letters.length / ((performance.now() - began) / 1000),
    cpu: (user + system) / 1000 / letters.length,
  };
}

function typstOf({ head, pages, table }: LetterWords): string {
  const string = (text: string) => JSON.stringify(text);
  const paragraphs = (texts: readonly string[] = []) => texts.map((text) => `#par(${string(text)})`).join('\n');
  const cells = [table.header, ...table.rows].map((row) => row.map(string).join(', '));
  return `#set page(paper: "a4", margin: 14mm, footer: context [#counter(page).display()])
#set text(font: ("Noto Sans", "Noto Sans Devanagari"), size: 8.5pt, lang: "hi")
#set document(title: ${string(table.title)}, date: none)
${paragraphs(head)}
${paragraphs(pages[0])}
#pagebreak()
#par(${string(table.title)})
#table(columns: ${table.header.length}, align: right, stroke: none, inset: 2pt, ${cells.join(',\n')})
#pagebreak()
${paragraphs(pages[1])}
`;
}

function write(folder: string, letters: readonly LetterWords[]): readonly string[] {
  mkdirSync(folder, { recursive: true });
  return letters.map((letter, at) => {
    const file = join(folder, `${String(at).padStart(5, '0')}.html`);
    writeFileSync(file, htmlOf(letter));
    return file;
  });
}
