import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright';
import { expect, test } from 'vitest';
import { generateSales } from '../demo/generate.ts';
import { sampleProject } from '../demo/sample-project.ts';

const browserPath = [process.env['CHROMIUM_PATH'], '/usr/bin/chromium', chromium.executablePath()].find(
  (path) => path !== undefined && existsSync(path),
);
const pictures = fileURLToPath(new URL('pictures', import.meta.url));

test('the site opens from a folder, finds, shows a model, its days and a graph that pans and zooms', async (context) => {
  if (browserPath === undefined) {
    console.log('skipped: there is no Chromium, so nobody looks at the site');
    return context.skip();
  }
  await using project = sampleProject();
  await generateSales(project.sales, { stores: 12, until: '2021-12-01' });
  expect(await project.engine('run')).toMatchObject({ code: 0 });
  const out = join(project.root, 'site');
  expect(await project.engine('docs', '--out', out)).toMatchObject({ code: 0 });
  expect(readdirSync(out).sort()).toEqual(['app.js', 'columns.js', 'data.js', 'index.html', 'style.css']);

  const browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 860 } });
    const wrong: string[] = [];
    page.on('pageerror', (error) => wrong.push(error.message));
    page.on('console', (message) => message.type() === 'error' && wrong.push(message.text()));
    page.on('request', (request) => request.url().startsWith('file:') || wrong.push(request.url()));
    await page.goto(pathToFileURL(join(out, 'index.html')).href);

    await page.keyboard.press('/');
    await page.keyboard.type('store growth');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    expect(await page.locator('#found li.here').textContent()).toContain('kpi.store_daily.growth_7d_pct');
    await page.keyboard.press('Enter');
    expect(await page.locator('h1').textContent()).toBe('kpi.store_daily');
    expect(await page.locator('tr.at').textContent()).toContain('growth_7d_pct');
    // What the column is made from stands beside it, and in a drawing, from the columns of the files on.
    expect(await page.locator('tr.at td').last().textContent()).toContain('.');
    const map = page.locator('svg.columns');
    expect(await map.locator('a.focus').textContent()).toBe('growth_7d_pct');
    expect(await map.textContent()).toMatch(/raw\.\w+/);
    expect(await page.locator('canvas').getAttribute('aria-label')).toBe('kpi.store_daily: 91 of 91 days are current');
    expect(await page.locator('pre a').first().getAttribute('href')).toMatch(/^#\/table\//);

    await page.click('nav >> text=Graph');
    const graph = page.locator('#graph > g');
    // The first look is drawn a frame later.
    await expect.poll(() => graph.getAttribute('transform')).toMatch(/scale/);
    const before = await graph.getAttribute('transform');
    await page.mouse.move(640, 840);
    await page.mouse.down();
    await page.mouse.move(540, 800, { steps: 4 });
    await page.mouse.up();
    const panned = await graph.getAttribute('transform');
    expect(numbersOf(panned).map((value, index) => Math.round(value - (numbersOf(before)[index] ?? 0)))).toEqual([
      -100, -40, 0,
    ]);
    await page.mouse.wheel(0, -200);
    await expect
      .poll(async () => numbersOf(await graph.getAttribute('transform'))[2])
      .toBeGreaterThan(numbersOf(panned)[2] ?? 9);
    await page.click('text=all');
    await page.locator('.node', { hasText: 'store_daily' }).hover();
    await expect.poll(() => page.locator('.node.lit').count()).toBeGreaterThan(3);
    if (process.env['UPDATE_PICTURES'] === '1') {
      mkdirSync(pictures, { recursive: true });
      await page.screenshot({ path: join(pictures, 'docs-graph.png') });
    }

    await page.click('nav >> text=Coverage');
    await expect.poll(() => page.locator('canvas').count()).toBeGreaterThan(9);
    await page.locator('canvas').last().hover();
    expect(await page.locator('#tip').textContent()).toMatch(/^kpi\.\w+, 2021-\d\d-\d\d: current$/);
    await page.click('nav >> text=Runs');
    await expect.poll(() => page.locator('td.state-done').count()).toBe(1);
    expect(wrong).toEqual([]);
  } finally {
    await browser.close();
  }
  // From the files alone, without a server; and no text of the project ends the script that holds it.
  expect(await project.engine('docs', '--offline', '--out', out)).toMatchObject({ code: 0 });
  expect(readFileSync(join(out, 'data.js'), 'utf8')).not.toContain('<');
});

const numbersOf = (transform: string | null) => [...(transform ?? '').matchAll(/-?[\d.]+/g)].map(Number);
