/** A query that was made up together with what its columns are made from. */
export interface MadeQuery {
  readonly sql: string;
  readonly columns: readonly { readonly name: string; readonly origins: ReadonlySet<string> }[];
}

/** The tables that made-up queries read, with all their columns. */
export const madeTables: Readonly<Record<string, readonly string[]>> = {
  's.a': ['a1', 'a2', 'a3'],
  's.b': ['b1', 'b2', 'a1'],
  c: ['c1'],
};

type Random = (below: number) => number;

/** What stands in a FROM list, and what its columns are made from. */
interface Part {
  readonly sql: string;
  readonly alias: string;
  readonly columns: MadeQuery['columns'];
}

/** Makes up a query of nested WITHs, subqueries, unions, windows, joins and stars, the same for the same numbers. */
export function madeQuery(random: Random, depth = 3): MadeQuery {
  let count = 0;
  const fresh = (letter: string) => `${letter}${++count}`;
  return query(depth, []);

  function query(left: number, names: readonly Part[]): MadeQuery {
    if (left > 0 && random(4) === 0) return withName(left, names);
    if (left > 0 && random(4) === 0) return union(left, names);
    return select(left, names);
  }

  function withName(left: number, names: readonly Part[]): MadeQuery {
    const body = query(left - 1, names);
    // A name may hide an outer one, or a table without a schema.
    const name = random(4) === 0 ? 'c' : fresh('w');
    const called = random(2) === 0;
    const columns = called ? body.columns.map((one) => ({ ...one, name: fresh('p') })) : body.columns;
    const list = called ? `(${columns.map((one) => one.name).join(', ')})` : '';
    const rest = query(left - 1, [{ sql: name, alias: name, columns }, ...names.filter(({ sql }) => sql !== name)]);
    return { sql: `with ${name}${list} as (${body.sql}) ${wrapped(rest.sql)}`, columns: rest.columns };
  }

  function union(left: number, names: readonly Part[]): MadeQuery {
    const [one, other] = [query(left - 1, names), query(left - 1, names)];
    const width = Math.min(one.columns.length, other.columns.length);
    const cut = ({ sql, columns }: MadeQuery) => {
      const alias = fresh('u');
      return `select ${columns
        .slice(0, width)
        .map(({ name }) => `${alias}.${name}`)
        .join(', ')} from (${sql}) ${alias}`;
    };
    const columns = one.columns.slice(0, width).map(({ name, origins }, at) => ({
      name,
      origins: new Set([...origins, ...(other.columns[at]?.origins ?? [])]),
    }));
    return { sql: `${cut(one)} ${['union', 'union all', 'except'][random(3)]} ${cut(other)}`, columns };
  }

  function select(left: number, names: readonly Part[]): MadeQuery {
    const parts = Array.from({ length: 1 + random(3) }, () => part(left, names));
    const columns: MadeQuery['columns'][number][] = [];
    const items: string[] = [];
    const taken = new Set<string>();
    const give = (name: string, origins: ReadonlySet<string>, sql: string) => {
      taken.add(name);
      columns.push({ name, origins });
      items.push(sql);
    };
    // A star brings names that must not come twice.
    const first = parts[0];
    if (first && random(3) === 0) {
      for (const one of first.columns) taken.add(one.name);
      columns.push(...first.columns);
      items.push(parts.length === 1 && random(2) === 0 ? '*' : `${first.alias}.*`);
    }
    for (let item = 0; item < 1 + random(3); item++) {
      const [one, other] = [pick(parts), pick(parts)];
      const name = fresh('n');
      const both = new Set([...one.column.origins, ...other.column.origins]);
      switch (random(5)) {
        case 0:
          if (!taken.has(one.column.name)) give(one.column.name, one.column.origins, one.sql);
          else give(name, one.column.origins, `${one.sql} as ${name}`);
          break;
        case 1:
          give(name, both, `coalesce(${one.sql}, ${other.sql}) ${name}`);
          break;
        case 2:
          give(name, both, `sum(${one.sql}) over (partition by ${other.sql}) as ${name}`);
          break;
        case 3: {
          const inner = query(0, names);
          const alias = fresh('x');
          const column = inner.columns[0];
          const origins = new Set([...both, ...(column?.origins ?? [])]);
          const value = `(select ${alias}.${column?.name} from (${inner.sql}) ${alias} where ${one.sql} = 1)`;
          give(name, origins, `case when ${one.sql} is null then ${other.sql} else ${value} end as ${name}`);
          break;
        }
        default:
          give(name, new Set(), `'from s.b' as ${name}`);
      }
    }
    const joined = parts.map(({ sql, alias }) => `${sql} ${alias}`);
    const [head = '', ...rest] = joined;
    const list = rest.reduce((text, one) => text + (random(2) === 0 ? `, ${one}` : ` left join ${one} on true`), head);
    const where = random(2) === 0 ? ` where exists (select 1 from s.b z where z.b1 = ${pick(parts).sql})` : '';
    return { sql: `select ${items.join(', ')} from ${list}${where}`, columns };
  }

  function part(left: number, names: readonly Part[]): Part {
    const alias = fresh('t');
    const known = names[random(names.length + 2)];
    if (known) return { ...known, alias };
    if (left > 0 && random(2) === 0) {
      const { sql, columns } = query(left - 1, names);
      return { sql: `(${sql})`, alias, columns };
    }
    const tables = Object.entries(madeTables).filter(([table]) => names.every(({ sql }) => sql !== table));
    const [table, list] = tables[random(tables.length)] ?? ['s.a', []];
    return { sql: table, alias, columns: list.map((name) => ({ name, origins: new Set([`${table}.${name}`]) })) };
  }

  function pick(parts: readonly Part[]) {
    const one = parts[random(parts.length)] as Part;
    const column = one.columns[random(one.columns.length)] as Part['columns'][number];
    return { column, sql: `${one.alias}.${column.name}` };
  }
}

/** A query behind a WITH that may bring names of its own. */
const wrapped = (sql: string): string => (sql.startsWith('with') ? `select * from (${sql}) q` : sql);
