import { expect, test } from 'vitest';
import { checkWindowFilters } from './window-filter.ts';

const sales = { table: 'staging.sales', column: 'sale_date' };
const edges = { from: `'2021-12-21'`, until: `timestamp '2021-12-28'` };

/** `F` and `U` stand for the edges. */
function verdict(text: string): string | undefined {
  const compiled = text.replaceAll(/\bF\b/g, edges.from).replaceAll(/\bU\b/g, edges.until);
  return checkWindowFilters(compiled, 'postgres', [sales], edges).get(sales.table);
}

test.each([
  'select * from staging.sales where sale_date >= F and sale_date < U',
  'select * from staging.sales s where s.sale_date >= F::date - 13 and s.sale_date < U group by 1',
  'select * from Staging.Sales where sales.sale_date >= F and staging.sales.sale_date::date < U order by 1',
  'select * from staging.sales s, b where (s.x = 1 or b.y) and ((F <= s.sale_date) and U > s.sale_date) and b.z between 1 and 2',
  'select * from a left join staging.sales s on s.id = a.id and s.sale_date >= F and s.sale_date < U join c on true',
  'select * from a inner join staging.sales s on s.sale_date >= F where s.sale_date < U',
  'with x as (select * from staging.sales where sale_date >= F and sale_date < U) select * from x',
  'select * from staging.sales where sale_date >= F and sale_date < U union all select * from staging.sales s where s.sale_date >= dateadd(day, -1, F) and s.sale_date < U',
  `select * from staging.sales where sale_date >= F::date - interval '13 days' and case when a then b or c end and sale_date < U`,
])('proved: %s', (text) => {
  expect(verdict(text)).toBe('proved');
});

test.each([
  'select * from staging.sales where sale_date >= F',
  'select * from staging.sales where sale_date < U',
  'select * from staging.sales where sale_date >= F and sale_date <= U',
  'select * from staging.sales where sale_date between F and U',
  'select * from staging.sales where sale_date >= F and sale_date < U or x = 1',
  'select * from staging.sales where not (sale_date >= F and sale_date < U)',
  'select * from staging.sales where loaded_at >= F and loaded_at < U',
  'select * from staging.sales s, b where b.sale_date >= F and b.sale_date < U',
  'select * from staging.sales s where s.sale_date + 1 >= F and s.sale_date < U',
  'select * from staging.sales s where s.sale_date >= least(F, s.sale_date) and s.sale_date < U',
  'select * from staging.sales s where s.sale_date >= F and s.sale_date < coalesce(s.sale_date + 1, U)',
  'select * from staging.sales s where s.sale_date::time >= F and s.sale_date < U',
  'select * from staging.sales s left join b on s.sale_date >= F and s.sale_date < U',
  'select * from a right join staging.sales s on s.sale_date >= F and s.sale_date < U',
  'select * from a full outer join staging.sales s on s.sale_date >= F and s.sale_date < U',
  'with x as (select * from staging.sales) select * from x where sale_date >= F and sale_date < U',
  'select *, F as f from staging.sales s where exists (select 1 from b where s.sale_date >= F and s.sale_date < U)',
  'select * from staging.sales where sale_date >= F and sale_date < U union all select * from staging.sales',
  'select * from staging.sales group by 1 having sale_date >= F and sale_date < U',
  'select F, U from b',
])('unproved: %s', (text) => {
  expect(verdict(text)).toBe('unproved');
});

test.each(['select * from staging.sales', `select * from staging.sales where sale_date >= '2020-01-01' -- F U`])(
  'absent: %s',
  (text) => {
    expect(verdict(text.replace('F U', "'2021-12-21'"))).toBe('absent');
  },
);
