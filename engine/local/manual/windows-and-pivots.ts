import { type ManualModel, model } from './model.ts';

/** Models of windows, PIVOT and UNPIVOT. */
export const windowAndPivotModels: readonly ManualModel[] = [
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
];
