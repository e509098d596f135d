/** A model in Redshift's dialect and the rows it must give; for the tests of this room. */
export interface ManualModel {
  /** The title of the manual's page that states the rows; `unverified` where no page that we have does. */
  readonly page: string;
  readonly sql: string;
  /** Values as text, null for null; numbers are compared as numbers. */
  readonly rows: readonly (readonly (string | null)[])[];
}

const model = (page: string, sql: string, ...rows: (string | null)[][]): ManualModel => ({ page, sql, rows });

/** Asks for the same as the manual's example; where the manual's table is not at hand, with the rows that it shows. */
export const manualModels: readonly ManualModel[] = [
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

  // Nulls and choices
  model(
    'NVL and COALESCE functions',
    `select nvl(start_date, end_date) from manual.datetable order by 1`,
    ['2008-06-01'],
    ['2008-12-31'],
    ['2008-12-31'],
  ),
  model(
    'NVL2 function',
    `select venueseats, nvl2(venuename, venuename, 'without a name') from manual.venue where venuestate = 'CA' order by 1 desc limit 2`,
    ['90000', 'without a name'],
    ['70561', 'Qualcomm Stadium'],
  ),
  model(
    'DECODE function',
    `select catid, decode(catname,
'NHL', 'National Hockey League',
'MLB', 'Major League Baseball',
'Unknown') from manual.category order by catid`,
    ['1', 'Major League Baseball'],
    ['2', 'National Hockey League'],
    ['6', 'Unknown'],
  ),
  model(
    'DECODE function',
    `select catid, decode(seats,null,0,1) from manual.category order by catid`,
    ['1', '1'],
    ['2', '0'],
    ['6', '1'],
  ),

  // LISTAGG
  model('LISTAGG function', `select listagg(sellerid) within group (order by dateid, salesid) from manual.winsales`, [
    '31141242333',
  ]),
  model(
    'LISTAGG function',
    `select listagg(dateid,'|') within group (order by sellerid desc,salesid asc) from manual.winsales where buyerid = 'b'`,
    ['2003-08-02|2004-04-18|2004-04-18|2004-02-12'],
  ),
  model(
    'LISTAGG window function',
    `select distinct listagg(sellerid) within group (order by sellerid) over() from manual.winsales`,
    ['11122333344'],
  ),
  model(
    'LISTAGG window function',
    `select distinct listagg(distinct dateid,',') within group (order by sellerid desc,salesid asc) over () as dates
    from manual.winsales where buyerid = 'b'`,
    ['2003-08-02,2004-04-18,2004-02-12'],
  ),

  // MEDIAN and the percentiles
  model(
    'MEDIAN window function',
    `select distinct sellerid, median(qty) over (partition by sellerid) from manual.winsales order by sellerid`,
    ['1', '10.0'],
    ['2', '20.0'],
    ['3', '17.5'],
    ['4', '25.0'],
  ),
  model(
    'MEDIAN function',
    `select sellerid, qty, percentile_cont(0.5) within group (order by qty), median(qty) from manual.winsales where sellerid = 2 group by 1, 2`,
    ['2', '20', '20.0', '20.0'],
  ),
  model(
    'PERCENTILE_CONT window function',
    `select distinct sellerid, percentile_cont(0.5) within group (order by qty) over(partition by sellerid) as median
    from manual.winsales order by 1`,
    ['1', '10.0'],
    ['2', '20.0'],
    ['3', '17.5'],
    ['4', '25.0'],
  ),
  model(
    'PERCENTILE_CONT window function',
    `with sellers as (select 6076.00::decimal(14,2) as sales union all select 6035.00 union all select 5881.00 union all select 2814.00
      union all select 1531.00 union all select 1476.00 union all select 1177.00)
    select distinct percentile_cont(0.6) within group (order by sales desc) over(), percentile_disc(0.6) within group (order by sales desc) over() from sellers`,
    ['2044.20', '1531.00'],
  ),
  model(
    'PERCENTILE_DISC window function',
    `select distinct percentile_disc(0.5) within group (order by qty) over() as median from manual.winsales`,
    ['20'],
  ),
  model(
    'PERCENTILE_DISC window function',
    `select distinct sellerid, percentile_disc(0.5) within group (order by qty) over(partition by sellerid) from manual.winsales order by 1`,
    ['1', '10'],
    ['2', '20'],
    ['3', '15'],
    ['4', '10'],
  ),
  model(
    'unverified',
    `select approximate percentile_disc(0.5) within group (order by qty), median(dateid) from manual.winsales where sellerid = 2`,
    ['20', '2004-02-14'],
  ),
  model(
    'RATIO_TO_REPORT window function',
    `select qty, round(ratio_to_report(qty) over (partition by sellerid), 2) from manual.winsales where sellerid in (2, 4) order by 1`,
    ['10', '0.2'],
    ['20', '0.5'],
    ['20', '0.5'],
    ['40', '0.8'],
  ),
  model(
    'COUNT function',
    `select approximate count(distinct sellerid), count(distinct sellerid) from manual.winsales`,
    ['4', '4'],
  ),
  model('AVG function', `select avg(qtysold), avg(price) from manual.sales, manual.part where partname = 'rudder'`, [
    '1',
    '2.71',
  ]),

  // QUALIFY and TOP
  model(
    'QUALIFY clause',
    `SELECT *
FROM manual.store_sales ss
WHERE ss_sold_time > time '12:00:00'
QUALIFY row_number()
OVER (PARTITION BY ss_sold_date ORDER BY ss_sales_price DESC) <= 2 ORDER BY ss_sold_date, ss_sold_time`,
    ['2022-01-01', '17:00:00', 'Product 4', '1000'],
    ['2022-01-01', '18:00:00', 'Product 5', '30'],
    ['2022-01-02', '16:00:00', 'Product 7', '5'],
  ),
  model(
    'QUALIFY clause',
    `SELECT *
FROM manual.store_sales ss
QUALIFY last_value(ss_item)
OVER (PARTITION BY ss_sold_date ORDER BY ss_sold_time ASC
      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) = ss_item order by 1`,
    ['2022-01-01', '18:00:00', 'Product 5', '30'],
    ['2022-01-02', '16:00:00', 'Product 7', '5'],
  ),
  model(
    'unverified',
    `select distinct ss_sold_date, rank() over (order by sum(ss_sales_price) desc) as place from manual.store_sales s group by 1 having count(*) > 1 qualify place = 1`,
    ['2022-01-02', '1'],
  ),
  model(
    'SELECT list',
    `select top 2 qty, sellerid from manual.winsales order by qty desc, sellerid`,
    ['40', '4'],
    ['30', '1'],
  ),
  model(
    'UNION, INTERSECT, and EXCEPT',
    `select top 3 sellerid from manual.winsales minus select sellerid from manual.winsales where qty <= 40`,
  ),
  model(
    'UNION, INTERSECT, and EXCEPT',
    `select sellerid from manual.winsales minus select sellerid from manual.winsales where qty > 20 order by 1`,
    ['2'],
  ),

  // IGNORE NULLS
  model(
    'FIRST_VALUE window function',
    `select venueseats, venuename,
first_value(venuename ignore nulls) over(partition by venuestate order by venueseats desc rows between unbounded preceding and unbounded following)
from (select * from manual.venue where venuestate='CA') order by venueseats desc limit 2`,
    ['90000', null, 'Qualcomm Stadium'],
    ['70561', 'Qualcomm Stadium', 'Qualcomm Stadium'],
  ),
  model(
    'NTH_VALUE window function',
    `select distinct nth_value(venueseats, 3) ignore nulls over(partition by venuestate order by venueseats desc
    rows between unbounded preceding and unbounded following) from (select * from manual.venue where venuename is not null and venuestate = 'CA')`,
    ['63026'],
  ),
  model(
    'LAG window function',
    `select qtysold, lag(qtysold,1) over (order by buyerid, saletime) as prev_qtysold from manual.sales where buyerid = 3 order by buyerid, saletime`,
    ['1', null],
    ['1', '1'],
    ['1', '1'],
    ['1', '1'],
    ['2', '1'],
    ['1', '2'],
  ),
  model(
    'unverified',
    `select salesid, lag(qty_shipped) ignore nulls over (order by salesid), lead(qty_shipped, 2) ignore nulls over (order by salesid),
    last_value(qty_shipped) ignore nulls over (order by salesid rows unbounded preceding) from manual.winsales where sellerid in (1, 2) order by 1`,
    ['10001', null, '20', '10'],
    ['10005', '10', '20', '10'],
    ['10006', '10', '20', '10'],
    ['20001', '10', null, '20'],
    ['20002', '20', null, '20'],
  ),

  model(
    'unverified',
    `select salesid, lead(qty_shipped) ignore nulls over (partition by buyerid order by nvl(qty, 0) desc, salesid nulls first)
    from manual.winsales where buyerid = 'b' order by qty desc, salesid`,
    ['20001', '10'],
    ['30004', '10'],
    ['30003', '10'],
    ['30001', null],
  ),

  // PIVOT and UNPIVOT
  model(
    'PIVOT and UNPIVOT examples',
    `SELECT *
FROM (SELECT partname, price FROM manual.part) PIVOT (
    AVG(price) FOR partname IN ('prop', 'rudder', 'wing')
)`,
    ['10.33', '2.71', '11.50'],
  ),
  model(
    'PIVOT and UNPIVOT examples',
    `SELECT * FROM (SELECT quality, manufacturer FROM manual.part) PIVOT (count(*) FOR quality IN (1, 2, NULL)) order by manufacturer`,
    ['big parts co', '1', '1', '1'],
    ['local parts co', '1', '1', '1'],
    ['small parts co', '1', '0', '2'],
  ),
  model(
    'PIVOT and UNPIVOT examples',
    `SELECT na_count, high_count FROM (SELECT quality, manufacturer FROM manual.part)
    PIVOT (count(*) AS count FOR quality IN (1 AS high, 2 AS low, NULL AS na)) where manufacturer = 'small parts co'`,
    ['2', '1'],
  ),
  model(
    'PIVOT and UNPIVOT examples',
    `SELECT * FROM (SELECT red, green, blue FROM manual.count_by_color) UNPIVOT (cnt FOR color IN (red, green, blue)) order by 1, 2`,
    ['blue', '7'],
    ['blue', '40'],
    ['green', '20'],
    ['green', '23'],
    ['red', '10'],
    ['red', '15'],
    ['red', '35'],
  ),
  model(
    'PIVOT and UNPIVOT examples',
    `SELECT * FROM (SELECT red, green, blue FROM manual.count_by_color) UNPIVOT INCLUDE NULLS (cnt FOR color IN (red, green, blue)) where color <> 'red' order by 1, 2`,
    ['blue', '7'],
    ['blue', '40'],
    ['blue', null],
    ['green', '20'],
    ['green', '23'],
    ['green', null],
  ),
  model(
    'PIVOT and UNPIVOT examples',
    `with colors as (select quality, red, green, blue from manual.count_by_color)
    SELECT * FROM colors UNPIVOT (cnt FOR color IN (red AS r, green AS g, blue AS b)) where cnt >= 20 order by cnt`,
    ['high', 'g', '20'],
    ['low', 'g', '23'],
    ['normal', 'r', '35'],
    ['normal', 'b', '40'],
  ),

  model(
    'PIVOT and UNPIVOT examples',
    `SELECT *
FROM manual.count_by_color UNPIVOT (
    cnt FOR color IN (red, green, blue)
) order by color, cnt`,
    ['high', 'blue', '7'],
    ['normal', 'blue', '40'],
    ['high', 'green', '20'],
    ['low', 'green', '23'],
    ['low', 'red', '10'],
    ['high', 'red', '15'],
    ['normal', 'red', '35'],
  ),
  model(
    'SELECT list',
    `with raw_data as (select 5 as clicks, 40.0 as impressions)
select clicks / impressions as probability, round(100 * probability, 1) as percentage from raw_data`,
    ['0.125', '12.5'],
  ),

  // Texts
  model('LEN function', `select octet_length('français'), len('français'), len('cat'), len('cat   ')`, [
    '9',
    '8',
    '3',
    '6',
  ]),
  model('CHARINDEX function', `select charindex('fish', 'dogfish'), charindex('dog', 'fish')`, ['4', '0']),
  model('BTRIM function', `select btrim('     abc    '), btrim('xyzaxyzbxyzcxyz', 'xyz')`, ['abc', 'axyzbxyzc']),
  model(
    'STRTOL function',
    `select strtol('0xf',16), strtol('abcd1234',16), strtol('1234567', 10), strtol('1234567', 8), strtol('110101', 2), strtol('', 2)`,
    ['15', '2882343476', '1234567', '342391', '53', '0'],
  ),
  model(
    'NVL2 function',
    `select firstname + ' ' + lastname, 'a' + 'b' from (select 'Vera'::varchar(20) as firstname, 'Alvarez'::varchar(20) as lastname)`,
    ['Vera Alvarez', 'ab'],
  ),
  model('CONCAT function', `select concat('Thursday, ', concat('December 25, ', '2008')), concat('a', null)`, [
    'Thursday, December 25, 2008',
    null,
  ]),
  model('unverified', `select 'it\\'s', 'a\\\\b', "ALIAS" from (select 1 as alias)`, ["it's", 'a\\b', '1']),

  model(
    'SUBSTRING function',
    `select substring('caterpillar',6,8), substring('caterpillar',-2,6), substring('caterpillar',-5,4)`,
    ['pillar', 'cat', ''],
  ),
  model('ROUND function', `select round(28.05), round(28.05, 1), round(28.05, -1), round(28.05::float, 1)`, [
    '28',
    '28.1',
    '30',
    '28.1',
  ]),
  model(
    'TRUNC function',
    `select trunc(111.15), trunc(111.15, 1), trunc(111.15, -1), trunc(timestamp '2011-07-21 10:32:38')`,
    ['111', '111.1', '110', '2011-07-21'],
  ),
  model(
    'TO_CHAR',
    `select to_char(timestamp '2009-12-31 23:15:59', 'MONTH-DY-DD-YYYY HH12:MIPM'), to_char(timestamp '2022-05-16 23:15:59', 'ID')`,
    ['DECEMBER -THU-31-2009 11:15PM', '1'],
  ),

  // Regular expressions
  model(
    'REGEXP_COUNT function',
    `SELECT regexp_count('abcdefghijklmnopqrstuvwxyz', '[a-z]{3}'), regexp_count('the fox', 'FOX', 1, 'i')`,
    ['8', '1'],
  ),
  model(
    'REGEXP_COUNT function',
    `SELECT regexp_count(email,'@[^.]*\\\\.(org|edu)') FROM manual.users ORDER BY userid`,
    ['1'],
    ['1'],
    ['0'],
    ['0'],
  ),
  model(
    'REGEXP_INSTR function',
    `SELECT regexp_instr(email, '@[^.]*'), regexp_instr('the fox', 'FOX', 1, 1, 0, 'i') FROM manual.users ORDER BY userid`,
    ['21', '5'],
    ['22', '5'],
    ['17', '5'],
    ['4', '5'],
  ),
  model(
    'REGEXP_REPLACE function',
    `SELECT regexp_replace(email, '@.*\\\\.(org|gov|com|edu|ca)$'), regexp_replace('the fox', 'FOX', 'quick brown fox', 1, 'i')
    FROM manual.users where userid = 1`,
    ['Etiam.laoreet.libero', 'the quick brown fox'],
  ),
  model(
    'REGEXP_SUBSTR function',
    `select regexp_substr(email,'@[^.]*'), regexp_substr('the fox', 'FOX', 1, 1, 'i'),
    regexp_substr('This is a cat, this is a dog. This is a mouse.', 'this is a (\\\\w+)', 1, 2, 'ie') from manual.users where userid = 4`,
    ['@lacusUtnec', 'fox', 'dog'],
  ),
  model(
    'REGEXP_SUBSTR function',
    `SELECT regexp_substr('THE SECRET CODE IS THE LOWERCASE PART OF 1931abc0EZ.', '[a-z]+', 1, 1, 'c')`,
    ['abc'],
  ),

  // JSON
  model(
    'JSON_EXTRACT_PATH_TEXT function',
    `select json_extract_path_text('{"f2":{"f3":1},"f4":{"f5":99,"f6":"star"}}','f4', 'f6'),
    json_extract_path_text('{"f2":{"f3":1},"f4":{"f5":99,"f6":"star"}','f4', 'f6',true), json_extract_path_text('{"farm": {"barn": {}}}', 'farm', 'barn', 'color')`,
    ['star', null, null],
  ),
  model(
    'JSON_EXTRACT_ARRAY_ELEMENT_TEXT function',
    `select json_extract_array_element_text('[111,112,113]', 2), json_extract_array_element_text('[1]', 5),
    json_extract_array_element_text('["a",["b",1,["c",2,3,null,]]]',1,true)`,
    ['113', '', null],
  ),

  // Types
  model(
    'CAST function',
    `select cast(109.652 as decimal(4,1)), cast(162.00 as integer), cast('2008-02-18 02:36:48' as date), cast(2008 as char(4))`,
    ['109.7', '162', '2008-02-18', '2008'],
  ),
  model(
    'CONVERT function',
    `SELECT CONVERT(char(4), 2008), CONVERT(datetime, '2008-02-18 02:36:48'), CONVERT(integer, 162.00)`,
    ['2008', '2008-02-18 02:36:48', '162'],
  ),
  model('unverified', `select 7 / 2, -7 / 2, 1.5::numeric, 'abc'::nvarchar(2), cast('x' as varchar(max))`, [
    '3',
    '-3',
    '2',
    'ab',
    'x',
  ]),
  model(
    'unverified',
    `with #recent as (select salesid from manual.winsales where dateid > '2004-04-01') select count(*) from #recent`,
    ['3'],
  ),
];
