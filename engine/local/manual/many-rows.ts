import { type ManualModel, model } from './model.ts';

/** Models of many values: LISTAGG, MEDIAN and the percentiles, QUALIFY and TOP. */
export const manyRowModels: readonly ManualModel[] = [
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
];
