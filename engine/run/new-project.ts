import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { Fault } from '../fault.ts';

/** Writes a small project that runs as it is into a folder that is empty or not there. Returns the paths written. */
export function writeNewProject(folder: string, timezone: string): string[] {
  const root = resolve(folder);
  if (existsSync(root) && readdirSync(root).length > 0) {
    throw new Fault('invalid', `${folder} is not empty`, { hint: 'Name a folder that is not there yet.' });
  }
  const files = filesOf(nameOf(root), timezone);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return Object.keys(files);
}

/** A project's name out of its folder's: small letters, digits and `_`. */
function nameOf(root: string): string {
  const name = basename(root)
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '_')
    .replace(/^[^a-z]+|_+$/g, '');
  return name === '' ? 'project' : name;
}

function filesOf(name: string, timezone: string): Readonly<Record<string, string>> {
  return {
    'project.yml': `name: ${name}
timezone: ${timezone}        # the business day
target: local
targets:
  local: { type: embedded }     # PostgreSQL binaries from npm, data under var/
`,
    '.gitignore': 'node_modules/\nvar/\n',
    'data/orders-2026-01.csv': `Date,Order,Store,Amount
2026-01-01,1,A,10.00
2026-01-01,2,B,5.50
2026-01-02,3,A,7.25
2026-01-04,4,A,-7.25
`,
    'models/sources.yml': `sources:
  - name: raw.orders
    description: One order a line; a return is negative.
    files: { path: "data/orders-{month}.csv" }
    time_column: order_date
    columns:
      order_date: { type: date, from: Date }
      order_id: { type: text, from: Order }
      store: { type: text, from: Store }
      amount: { type: "numeric(18,2)", from: Amount }
`,
    'models/seeds/stores.csv': 'store,name\nA,First Street\nB,Station\n',
    'models/kpi/store_daily.sql': `/*---
description: What a store took on a day
materialized: incremental
time_column: order_date
grain: day
start: 2026-01-01
unique_key: [order_date, store]
audits:
  - not_null: [store, amount]
tags: [daily]
---*/
select o.order_date, o.store, s.name, sum(o.amount) as amount, count(*) as orders
from raw.orders o
left join seeds.stores s on s.store = o.store
where o.order_date >= {{ window.from }} and o.order_date < {{ window.until }}
group by o.order_date, o.store, s.name
`,
    'models/kpi/store_daily.test.yml': `tests:
  - name: returns_take_off
    model: kpi.store_daily
    window: { from: 2026-01-01, until: 2026-01-02 }
    given:
      raw.orders:
        - { order_date: 2026-01-01, order_id: 1, store: A, amount: 10 }
        - { order_date: 2026-01-01, order_id: 2, store: A, amount: -4 }
        - { order_date: 2026-01-02, order_id: 3, store: A, amount: 99 }
      seeds.stores:
        - { store: A, name: First Street }
    expect:
      - { order_date: 2026-01-01, store: A, name: First Street, amount: "6.00", orders: 2 }
`,
    'dags/daily.yml': `schedule: { cron: "45 1 * * *" }
select: +tag:daily
`,
  };
}
