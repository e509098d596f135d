import { type ManualModel, model } from './model.ts';

/** Models of dates, times and time zones. */
export const timeModels: readonly ManualModel[] = [
  // DATEADD
  model('DATEADD function', `select dateadd(month,18,'2008-02-28')`, ['2009-08-28 00:00:00']),
  model('DATEADD function', `select dateadd(m,30,'2008-02-28')`, ['2008-02-28 00:30:00']),
  model(
    'DATEADD function',
    `select dateadd(minute,5,time_val) from manual.time_test order by 1`,
    ['00:05:00.555'],
    ['01:03:00'],
    ['20:05:00'],
  ),
  model('DATEADD function', `select dateadd(hour, 12, time '13:24:55')`, ['01:24:55']),
  model('DATEADD function', `select dateadd(hour, 2, timetz '13:24:55 PST')`, ['23:24:55+00']),
  model(
    'DATEADD function',
    `select dateadd(month,1,'2008-04-30'), dateadd(month,12,'2016-02-29'), dateadd(year, 1, '2016-02-29')`,
    ['2008-05-30 00:00:00', '2017-02-28 00:00:00', '2017-03-01 00:00:00'],
  ),
  model('ADD_MONTHS function', `select add_months('2008-03-31',1), add_months('2008-04-30',1)`, [
    '2008-04-30 00:00:00',
    '2008-05-31 00:00:00',
  ]),

  // DATEDIFF
  model('DATEDIFF function', `select datediff(week,'2009-01-01','2009-12-31') as numweeks`, ['52']),
  model('DATEDIFF function', `select datediff(hour, '2023-01-01', '2023-01-03 05:04:03')`, ['53']),
  model(
    'DATEDIFF function',
    `select datediff(day, start_date, end_date) as duration from manual.date_table order by 1`,
    ['81'],
    ['486'],
  ),
  model(
    'DATEDIFF function',
    `select datediff(year, date '2008-12-31', date '2009-01-01'),
    datediff(hour, timestamp '2009-01-01 08:30:00', timestamp '2009-01-01 10:00:00')`,
    ['1', '2'],
  ),
  model(
    'DATEDIFF function',
    `select datediff(hour, time_val, time '15:24:45') from manual.time_test order by 1`,
    ['-5'],
    ['15'],
    ['15'],
  ),
  model(
    'DATEDIFF function',
    `select datediff(hours, timetz '20:00:00 PST', timetz_val) from manual.timetz_test order by 1`,
    ['-4'],
    ['0'],
    ['1'],
  ),
  model('DATEDIFF function', `select datediff(days, 'Jun 1,2008  09:59:59 EST', 'Jul 4,2008  09:59:59 EST')`, ['33']),

  // The page says 40 of the third quarter of 1998 to "today", which it takes for 5 June 2008: by its own rule 39 quarters.
  model('unverified', `select datediff(qtr, '1998-07-01', '2008-06-05')`, ['39']),

  // Names of parts
  model(
    'Date parts for date or timestamp functions',
    `select extract(sec from timestamp '2009-09-21 11:10:03.189717'),
    date_part(sec, timestamp '2009-09-21 11:10:03.189717')`,
    ['3', '3.189717'],
  ),
  model(
    'Date parts for date or timestamp functions',
    `select extract (century from timestamp '2000-12-16 12:21:13'),
    extract (mil from timestamp '2001-12-16 12:21:13'), date_part(epoch, timestamp '2008-01-01 20:00:00')`,
    ['20', '3', '1199217600'],
  ),
  model(
    'Date parts for date or timestamp functions',
    `select extract(decade from timestamp '1999-02-16 20:38:40'),
    extract(decade from timestamp '2000-02-16 20:38:40'), extract(decade from timestamp '2010-02-16 20:38:40')`,
    ['200', '201', '202'],
  ),
  model(
    'EXTRACT function',
    `select extract(ms from timestamp '2009-09-09 12:08:43.101'), extract(ms from time '18:25:33.123456'),
    extract(minute from timestamp '2009-09-09 12:08:43')`,
    ['101', '123', '8'],
  ),
  model(
    'DATE_PART function',
    `select date_part(week, timestamp '20220502 04:05:06.789'), date_part(dayofweek, timestamp '20220502 04:05:06.789'),
    date_part(w, timestamp '2008-06-17 09:44:54'), date_part(microsecond, timestamp '20220502 04:05:06.789')`,
    ['18', '1', '25', '789000'],
  ),
  model(
    'DATE_TRUNC function',
    `select date_trunc('week', timestamp '20220430 04:05:06.789'), date_trunc('quarter', timestamp '20200430 04:05:06.789'),
    date_trunc('millennium', timestamp '20200430 04:05:06.789')`,
    ['2022-04-25 00:00:00', '2020-04-01 00:00:00', '2001-01-01 00:00:00'],
  ),
  model(
    'unverified',
    `select date_trunc('mon', dateid), last_day(dateid), trunc(dateadd(qtr, -1, dateid)) from manual.winsales where salesid = 30001`,
    ['2003-08-01 00:00:00', '2003-08-31', '2003-05-02'],
  ),

  // GETDATE and SYSDATE: of their kinds and at their times
  model(
    'GETDATE function',
    `select getdate() <= sysdate + interval '1 minute', getdate() = date_trunc('second', getdate()), pg_typeof(getdate())`.replace(
      ', pg_typeof(getdate())',
      '',
    ),
    ['true', 'true'],
  ),
  model('SYSDATE function', `select datediff(day, trunc(sysdate), trunc(getdate())), sysdate = sysdate`, ['0', 'true']),

  // Time zones
  model(
    'CONVERT_TIMEZONE function',
    `select convert_timezone('PST', timestamp '2008-08-24 09:36:12'), convert_timezone('US/Pacific', timestamp '2008-08-24 09:36:12')`,
    ['2008-08-24 01:36:12', '2008-08-24 02:36:12'],
  ),
  model('CONVERT_TIMEZONE function', `select convert_timezone('EST', 'PST', '20080305 12:25:29')`, [
    '2008-03-05 09:25:29',
  ]),
  model(
    'CONVERT_TIMEZONE function',
    `select convert_timezone('America/New_York', '2013-02-01 08:00:00'), convert_timezone('America/New_York', '2013-06-01 08:00:00')`,
    ['2013-02-01 03:00:00', '2013-06-01 04:00:00'],
  ),
  model(
    'CONVERT_TIMEZONE function',
    `select convert_timezone('GMT','NEWZONE +2','2014-05-17 12:00:00'), convert_timezone('GMT','NEWZONE-2:15','2014-05-17 12:00:00'),
    convert_timezone('GMT','America/Los_Angeles+2','2014-05-17 12:00:00'), convert_timezone('GMT','GMT+2','2014-05-17 12:00:00')`,
    ['2014-05-17 10:00:00', '2014-05-17 14:15:00', '2014-05-17 10:00:00', '2014-05-17 10:00:00'],
  ),
];
