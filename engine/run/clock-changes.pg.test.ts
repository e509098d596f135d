import { expect, test } from 'vitest';
import { sql } from '../warehouse/database.ts';
import { testDatabase } from '../warehouse/test-database.ts';
import { modelFile, testProject } from './test-project.ts';

const hourly = modelFile(
  'materialized: incremental\ntime_column: hour\ngrain: hour\nbatch: 7\ncolumns: { hour: { type: timestamptz } }',
  `select date_trunc('hour', at, 'UTC') as hour, count(*) as events, min(at) as first from app.events
   where at >= {{ window.from }} and at < {{ window.until }} group by 1`,
);
const daily = (zone: string) =>
  modelFile(
    'materialized: incremental\ntime_column: day\ngrain: day\nbatch: 2',
    `select cast(at at time zone '${zone}' as date) as day, count(*) as events from app.events
     where at >= cast({{ window.from }} as timestamp) at time zone '${zone}'
       and at < cast({{ window.until }} as timestamp) at time zone '${zone}' group by 1`,
  );
const localHourly = (zone: string) =>
  modelFile(
    'materialized: incremental\ntime_column: at\ngrain: day\ncolumns: { at: { type: timestamp } }',
    `select hour at time zone '${zone}' as at, events from kpi.hourly
     where hour >= {{ window.from }} at time zone '${zone}' and hour < {{ window.until }} at time zone '${zone}'`,
  );

/** Days of the hours that begin in them: where midnight cuts an hour, both days meet it, and one has it. */
const daysOfHours = (zone: string) =>
  modelFile(
    'materialized: incremental\ntime_column: day\ngrain: day\nbatch: 3',
    `select cast(hour at time zone '${zone}' as date) as day, count(*) as hours, sum(events)::int as events from kpi.hourly
     where hour >= cast({{ window.from }} as timestamp) at time zone '${zone}'
       and hour < cast({{ window.until }} as timestamp) at time zone '${zone}' group by 1`,
  );

/**
 * Five days around a change of clocks, an event each half hour; how many the day of the change has, and, in zones of half
 * hours, a day whose midnight cuts an hour.
 */
const places = [
  { zone: 'America/Chicago', from: '2021-11-05T05:00Z', until: '2021-11-10T06:00Z', day: '2021-11-07', events: 50 },
  { zone: 'America/Chicago', from: '2022-03-11T06:00Z', until: '2022-03-16T05:00Z', day: '2022-03-13', events: 46 },
  {
    zone: 'Australia/Lord_Howe',
    from: '2021-09-30T13:30Z',
    until: '2021-10-05T13:00Z',
    day: '2021-10-03',
    events: 47,
    cut: '2021-10-03',
  },
  {
    zone: 'Australia/Lord_Howe',
    from: '2022-03-31T13:00Z',
    until: '2022-04-05T13:30Z',
    day: '2022-04-03',
    events: 49,
    cut: '2022-04-04',
  },
  {
    zone: 'Asia/Kolkata',
    from: '2021-11-04T18:30Z',
    until: '2021-11-09T18:30Z',
    day: '2021-11-07',
    events: 48,
    cut: '2021-11-07',
  },
];

test.each(places)('$zone around $day: no hour lost or doubled', async ({ zone, from, until, day, events, cut }) => {
  await using store = await testDatabase();
  const { database, direct } = store;
  await direct.query(sql`create schema app`);
  await direct.query(
    sql`create table app.events as select generate_series(${from}::timestamptz, ${until}::timestamptz - interval '1 minute', '30 minutes') as at`,
  );
  const source = (grain: string) => `sources:
  - { name: app.events, time_column: at, grain: ${grain}, lookback: 10d, columns: { at: { type: timestamptz } } }
`;
  const aligned = zone === 'America/Chicago';
  using project = testProject(
    database,
    {
      'models/sources.yml': source('hour'),
      'models/kpi/hourly.sql': hourly,
      'models/kpi/daily.sql': daily(zone),
      'models/kpi/local.sql': aligned ? localHourly(zone) : daysOfHours(zone),
    },
    zone,
  );
  const now = new Date(Date.parse(until) + 3_600_000);
  await project.run({ now });

  const [hours] = await direct.query<Record<string, unknown>>(
    sql`select count(*)::int as hours, count(distinct hour)::int as kinds, sum(events)::int as events, max(events)::int as most,
               (extract(epoch from max(hour) - min(hour)) / 3600)::int + 1 as stretch
        from kpi.hourly`,
  );
  const total = (Date.parse(until) - Date.parse(from)) / 1_800_000;
  expect(hours).toMatchObject({ most: 2, events: total });
  expect(hours?.['hours']).toBe(hours?.['kinds']);
  expect(hours?.['hours']).toBe(hours?.['stretch']);

  const days = await direct.query(sql`select day, events::int from kpi.daily order by day`);
  expect(days).toHaveLength(5);
  expect(days.map((row) => row['events'])).toEqual([48, 48, events, 48, 48]);
  expect(days[2]).toEqual({ day, events });
  if (aligned) {
    const [hourly] = await direct.query(
      sql`select count(*)::int as hours, sum(events)::int as events, count(*) filter (where at::date = ${day})::int as day
          from kpi.local`,
    );
    expect(hourly).toEqual({ hours: total / 2, events: total, day: events / 2 });
  }
  const truth = sql`select cast(date_trunc('hour', at, 'UTC') at time zone ${zone} as date) as day,
                           count(distinct date_trunc('hour', at, 'UTC')) as hours, count(*)::int as events
                    from app.events group by 1 order by 1`;
  const local = sql`select day, hours, events from kpi.local order by day`;
  if (!aligned) expect(await direct.query(local)).toEqual(await direct.query(truth));
  expect(await project.run({ now })).toEqual([]);

  // A late event in the hour of the change moves that hour and that day, and nothing else.
  const hour = new Date((Date.parse(from) + Date.parse(until)) / 2).toISOString();
  await direct.query(sql`insert into app.events values (${hour})`);
  const steps = (await project.run({ now })).filter((step) => step.endsWith(' built'));
  expect(steps.filter((step) => step.startsWith('kpi.'))).toHaveLength(3);
  expect(await direct.query(sql`select sum(events)::int as events from kpi.daily`)).toEqual([{ events: total + 1 }]);
  expect(await project.run({ now })).toEqual([]);
  if (cut === undefined) return;

  // One in an hour that a midnight cuts in two moves both days.
  await direct.query(
    sql`insert into app.events values ((${cut}::timestamp at time zone ${zone}) + interval '10 minutes')`,
  );
  const moved = (await project.run({ now })).filter((step) => step.startsWith('kpi.local'));
  const before = new Date(Date.parse(cut) - 86_400_000).toISOString().slice(0, 10);
  const after = new Date(Date.parse(cut) + 86_400_000).toISOString().slice(0, 10);
  expect(moved).toEqual([`kpi.local ${before}..${after} built`]);
  expect(await direct.query(local)).toEqual(await direct.query(truth));
  expect(await project.run({ now })).toEqual([]);
});
