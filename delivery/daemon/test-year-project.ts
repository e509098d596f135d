import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { addDays, type CalendarDate } from '../slot/calendar-date.ts';

/** A report of the year, as the test itself knows it. */
export interface YearReport {
  readonly name: string;
  readonly kind: 'daily' | 'nightly' | 'weekly' | 'monthly';
  readonly timezone: string;
  readonly cron: string;
  readonly people: number;
}

/** Forty reports in three zones, two of which change their clocks, each for the one number of people or the other. */
export function fortyReports([even, odd]: readonly [number, number]): readonly YearReport[] {
  return Array.from({ length: 40 }, (_, index) => {
    const one = { name: `r${index}`, people: index % 2 === 0 ? even : odd, timezone: 'Asia/Kolkata' };
    if (index < 10) return { ...one, kind: 'daily', cron: `0 ${7 + (index % 4)} * * *` };
    // Half past two does not exist on one night of the year in Berlin, and half past one is there twice in New York.
    if (index < 15) return { ...one, kind: 'nightly', timezone: 'Europe/Berlin', cron: '30 2 * * *' };
    if (index < 20) return { ...one, kind: 'nightly', timezone: 'America/New_York', cron: '30 1 * * *' };
    if (index < 35) return { ...one, kind: 'weekly', cron: '0 9 * * 1' };
    return { ...one, kind: 'monthly', cron: '0 10 1 * *' };
  });
}

/** Days that a report's schedule has in a stretch, counted by the calendar alone. */
export function ticksExpected({ kind }: YearReport, from: CalendarDate, until: CalendarDate): number {
  let count = 0;
  for (let day = from; day < until; day = addDays(day, 1)) {
    const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
    if (kind === 'weekly' ? weekday === 1 : kind === 'monthly' ? day.endsWith('-01') : true) count += 1;
  }
  return count;
}

/** Days on which nobody trades: the daily reports about them have no rows and are skipped. */
export const holidays: readonly CalendarDate[] = ['2026-01-26', '2026-03-04', '2026-08-15', '2026-10-02', '2026-12-25'];

const projectFile = `name: year
timezone: Asia/Kolkata
target: local
targets:
  local: { type: postgres, url: env:WAREHOUSE_URL }
state: env:STATE_URL
vars: { currency: INR }
delivery:
  digest: "18:00"
  channels:
    email: { url: env:SMTP_URL, from: Shop <reports@shop.example.com> }
`;

const model = `/*---
materialized: table
---*/
select date '2025-11-01' + d as sale_date, 'S' || s as store, (d + s) * 1.10 as amount
from generate_series(0, 450) d, generate_series(1, 2) s
where date '2025-11-01' + d not in (${holidays.map((day) => `date '${day}'`).join(', ')})
`;

const stores = `select store, sum(amount) as amount from kpi.store_daily
where sale_date >= {{ period.from }} and sale_date < {{ period.until }} group by store order by store
`;

/** Writes the project into a folder of its own. */
export function yearProject(
  reports: readonly YearReport[],
  start: CalendarDate,
): Disposable & { readonly root: string } {
  const root = mkdtempSync(join(tmpdir(), 'tiffin-year-'));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  write('project.yml', projectFile);
  write('models/kpi/store_daily.sql', model);
  const people: string[] = [];
  const lists: string[] = [];
  for (const { name, kind, timezone, cron, people: count } of reports) {
    const ids = Array.from({ length: count }, (_, index) => `${name}-p${index}`);
    people.push(...ids.map((id) => `  ${id}: { email: ${id}@example.com }\n`));
    lists.push(`  ${name}: [${ids.join(', ')}]\n`);
    const period = kind === 'weekly' ? 'week' : kind === 'monthly' ? 'month' : 'day';
    const limits = kind === 'daily' ? 'deadline: "12:00"\nuseful_until: 20h\non_empty: skip\n' : '';
    write(
      `reports/${name}/report.yml`,
      `title: Report ${name}
schedule: { cron: "${cron}", timezone: ${timezone} }
period: ${period}
start: ${start}
${limits}datasets: { stores: stores.sql }
document:
  - table: { data: stores, total: [amount] }
formats: [csv]
deliver:
  - { id: mail, channel: email, to: { list: ${name} }, attach: [csv] }
owners: ["email:owner@example.com"]
`,
    );
    write(`reports/${name}/stores.sql`, stores);
  }
  write('reports/recipients.yml', `recipients:\n${people.join('')}lists:\n${lists.join('')}`);
  return { root, [Symbol.dispose]: () => rmSync(root, { recursive: true }) };
}
